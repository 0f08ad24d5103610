"""A code that a camera can read is the standard's: finder patterns in three corners, and every module as segno has it."""

import re

import pytest
import segno

from winnow.web.qr import BORDER, qr_of

TEXT = "otpauth://totp/Winnow:ada?secret=ABCDEFGHIJKLMNOP234567&issuer=Winnow"


def drawn(code):
    """The dark modules of the path as (x, y)."""
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.path)
    assert "".join(f"M{x} {y}h{w}v1h-{w}z" for x, y, w in runs) == code.path
    return {(int(x) + n, int(y)) for x, y, w in runs for n in range(int(w))}


def test_every_module_is_drawn_where_it_belongs():
    code, matrix = qr_of(TEXT), segno.make_qr(TEXT).matrix
    assert code.side == len(matrix) + 2 * BORDER
    expected = {(x + BORDER, y + BORDER) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    assert drawn(code) == expected


def test_three_corners_bear_the_pattern_that_cameras_look_for():
    dark, far = drawn(qr_of(TEXT)), qr_of(TEXT).side - BORDER - 7
    for left, top in ((BORDER, BORDER), (far, BORDER), (BORDER, far)):
        ring = [(left + n, top) in dark for n in range(7)]
        inner = [(left + n, top + 1) in dark for n in range(7)]
        assert (ring, inner) == ([True] * 7, [True, False, False, False, False, False, True])


def test_what_is_too_long_is_said():
    with pytest.raises(ValueError, match="too large"):
        qr_of("a" * 5_000)
