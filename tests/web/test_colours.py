"""Every tag of any taxonomy has a colour that can be read on the paper of both themes."""

import math
import re
from pathlib import Path

import pytest

import winnow
from winnow.web.colours import DARK, LIGHT, _linear_srgb, palette_css, palette_version, tag_colour

TOKENS = (Path(winnow.__file__).parent / "static" / "winnow" / "tokens.css").read_text()
PAPERS = re.findall(r"--paper: (#\w{6});", TOKENS)
PLACES = range(200)


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "paper"), [(LIGHT, PAPERS[0]), (DARK, PAPERS[1])])
def test_every_colour_has_the_contrast_of_text(theme, paper):
    assert [place for place in PLACES if contrast(tag_colour(place, theme), paper) < 4.5] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_colour_is_one_that_a_screen_can_show(theme):
    for degrees in range(360):
        hue = math.radians(degrees)
        channels = _linear_srgb(theme.lightness, theme.chroma * math.cos(hue), theme.chroma * math.sin(hue))
        assert all(0 <= channel <= 1 for channel in channels)


@pytest.mark.parametrize(
    ("lightness", "a", "b", "expected"),
    [(1.0, 0.0, 0.0, (1.0, 1.0, 1.0)), (0.627955, 0.224863, 0.125846, (1.0, 0.0, 0.0))],
)
def test_the_conversion_agrees_with_the_published_values(lightness, a, b, expected):
    assert _linear_srgb(lightness, a, b) == pytest.approx(expected, abs=2e-4)


def test_neighbours_differ():
    colours = [tag_colour(place, LIGHT) for place in range(12)]
    assert len(set(colours)) == 12


def test_the_sheet_names_each_place_once_a_theme():
    sheet = palette_css(3)
    assert re.findall(r"\.place-(\d) ", sheet) == ["0", "1", "2"] * 2
    assert sheet.count("prefers-color-scheme: dark") == 1


def test_the_address_of_the_sheet_changes_with_the_list():
    assert palette_version(3) != palette_version(4)
