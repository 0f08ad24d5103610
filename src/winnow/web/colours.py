"""The colours of tags, made from their place in the list, so that any taxonomy has them.

OKLCH (Ottosson 2020, https://bottosson.github.io/posts/oklab/): lightness and chroma are fixed, the hue turns by the
golden angle, so that neighbours in the list stay far apart. They are written as sRGB, which every browser draws alike.
"""

import math
from dataclasses import dataclass

GOLDEN_ANGLE = 180 * (3 - math.sqrt(5))
FIRST_HUE = 25.0
VERSION = 1


@dataclass(frozen=True, slots=True)
class Theme:
    """The lightness and chroma of tags; both keep every hue inside sRGB, and at 4.5:1 against the paper."""

    lightness: float
    chroma: float


LIGHT = Theme(0.52, 0.088)
DARK = Theme(0.76, 0.1)


def tag_colour(place: int, theme: Theme) -> str:
    """The colour of the tag at a place (0 is the first) as `#rrggbb`."""
    hue = math.radians(FIRST_HUE + GOLDEN_ANGLE * place)
    linear = _linear_srgb(theme.lightness, theme.chroma * math.cos(hue), theme.chroma * math.sin(hue))
    return "#" + "".join(f"{round(255 * _encoded(channel)):02x}" for channel in linear)


def palette_css(n_places: int) -> str:
    """The style sheet that gives each place its colour, in both themes."""
    light = "\n".join(f".place-{place} {{ --tag: {tag_colour(place, LIGHT)} }}" for place in range(n_places))
    dark = "\n".join(f"  .place-{place} {{ --tag: {tag_colour(place, DARK)} }}" for place in range(n_places))
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def palette_version(n_places: int) -> str:
    """What stands in the sheet's address, so that it can be cached for long."""
    return f"{VERSION}.{n_places}"


def _linear_srgb(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    """From Oklab to linear sRGB, with the published matrices."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _encoded(channel: float) -> float:
    """The transfer function of sRGB (IEC 61966-2-1)."""
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
