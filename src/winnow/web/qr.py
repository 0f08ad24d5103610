"""A text as a QR code, for a camera beside the screen."""

from dataclasses import dataclass
from itertools import groupby

import segno

# Of what is white around the code; the standard asks for four modules (ISO/IEC 18004).
BORDER = 4


@dataclass(frozen=True, slots=True)
class Qr:
    """A square of `side` modules, white border included, whose dark ones are the rows of `path`, an SVG path."""

    side: int
    path: str


def qr_of(text: str) -> Qr:
    """The code of a text. Raises ValueError where it is too long for one."""
    code = segno.make_qr(text)
    rows = [[bool(dark) for dark in row] for row in code.matrix_iter(border=BORDER)]
    return Qr(len(rows), "".join(_row(y, row) for y, row in enumerate(rows)))


def _row(y: int, modules: list[bool]) -> str:
    parts, x = [], 0
    for is_dark, run in groupby(modules):
        width = len(list(run))
        if is_dark:
            parts.append(f"M{x} {y}h{width}v1h-{width}z")
        x += width
    return "".join(parts)
