"""What changed from one text to the next, line by line, for people to read."""

import difflib
import re
from dataclasses import dataclass

_KINDS = {"-": "gone", "+": "new", " ": "same"}
_PLACE = re.compile(r"@@ -\S+ \+(\d+)")
CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A line: `gone`, `new`, or the `same`; `place` says where lines that are the same were left out."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The lines that differ, with two lines around each; nothing where the texts are the same."""
    found = difflib.unified_diff(before.split("\n"), after.split("\n"), n=CONTEXT, lineterm="")
    return [_piece(line) for line in list(found)[2:]]


def _piece(line: str) -> Piece:
    if place := _PLACE.match(line):
        return Piece("place", f"line {place[1]}")
    return Piece(_KINDS[line[0]], line[1:])
