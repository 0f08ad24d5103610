"""The picture of a work for pages elsewhere that link to it: its vector as grains, in the colour of its tag.

Those pages set the title themselves, so the picture needs no letters, and no font or drawing library is asked for.
A work's meaning is the pattern: works that are alike look alike. See docs/decisions/0022-cards-without-letters.md.
"""

import hashlib
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Grains = NDArray[np.float64]
Pixels = NDArray[np.uint8]

WIDTH, HEIGHT = 1200, 630
COLUMNS, ROWS = 24, 12
CELL = 44
BAR = 14
# A palette of two inks on paper, each in so many steps, so that round edges are smooth.
STEPS = 16
PAPER, SOFT = (0xFB, 0xFA, 0xF7), (0xC9, 0xC3, 0xB6)


def card(vector: Grains | None, *, title: str, colour: str) -> bytes:
    """A PNG of 1200 by 630: a bar and grains in `colour` (`#rrggbb`). Without a vector the title gives the pattern."""
    grains = _grains(vector if vector is not None and len(vector) else _of_words(title))
    pixels = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    top, left = BAR + (HEIGHT - BAR - ROWS * CELL) // 2, (WIDTH - COLUMNS * CELL) // 2
    pixels[top : top + ROWS * CELL, left : left + COLUMNS * CELL] = _dots(grains)
    pixels[:BAR] = STEPS - 1
    return _png(pixels, _palette(_rgb(colour)))


def _grains(vector: Grains) -> Grains:
    """The first values of the vector, repeated where they are few, as sizes from -1 to 1, (rows, columns)."""
    values = np.resize(np.nan_to_num(np.asarray(vector, dtype=np.float64)), ROWS * COLUMNS).reshape(ROWS, COLUMNS)
    # The largest few would make all others small.
    scale = float(np.quantile(np.abs(values), 0.95)) or 1.0
    return np.clip(values / scale, -1.0, 1.0)


def _of_words(title: str) -> Grains:
    seed = int.from_bytes(hashlib.sha256(title.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).normal(size=ROWS * COLUMNS)


def _dots(grains: Grains) -> Pixels:
    """One dot a cell: as large as its value, in the tag's colour above zero and soft below."""
    offset = np.arange(CELL) - (CELL - 1) / 2
    distance = np.hypot(*np.meshgrid(offset, offset))
    radius = 2.0 + np.sqrt(np.abs(grains)) * (CELL / 2 - 5.0)
    cover = np.clip(radius[:, None, :, None] - distance[None, :, None, :] + 0.5, 0.0, 1.0)
    level = np.rint(cover * (STEPS - 1)).astype(np.uint8)
    is_soft = (grains < 0)[:, None, :, None]
    dots: Pixels = np.where(is_soft & (level > 0), level + STEPS, level).reshape(ROWS * CELL, COLUMNS * CELL)
    return dots


def _palette(colour: tuple[int, int, int]) -> bytes:
    return b"".join(_blends(ink) for ink in (colour, SOFT))


def _blends(ink: tuple[int, int, int]) -> bytes:
    shares = [step / (STEPS - 1) for step in range(STEPS)]
    return bytes(round(p + (i - p) * share) for share in shares for p, i in zip(PAPER, ink, strict=True))


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue


def _png(pixels: Pixels, palette: bytes) -> bytes:
    """PNG with a palette of 8 bits (W3C, PNG Specification, third edition); each row begins with its filter, none."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    rows = np.hstack([np.zeros((HEIGHT, 1), dtype=np.uint8), pixels]).tobytes()
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
