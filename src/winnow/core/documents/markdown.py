"""What a document holds, line by line: head, sections, promises, figures, tables, links."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FIGURE = re.compile(r"\{\{\s*(past\s+)?(.*?)\s*\}\}")
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})\s*(\w*)")
MEASURED = "<!-- measured -->"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as written: its number from 1, its text without comments, and the mark of the block that it lies in."""

    number: int
    text: str
    block: str = ""


@dataclass(slots=True)
class Section:
    """A heading and what stands under it until the next one; `path` holds the headings above it and its own."""

    path: tuple[str, ...]
    number: int
    level: int
    is_measured: bool = False
    lines: list[Line] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The heading."""
        return self.path[-1]

    @property
    def is_empty(self) -> bool:
        """Whether nothing but guidance stands here."""
        return not any(line.text.strip() for line in self.lines)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read; `head` are the `key: value` lines before its text."""

    path: Path
    head: Mapping[str, tuple[int, str]]
    sections: Sequence[Section]
    faults: Sequence[tuple[int, str]] = ()

    def lines(self) -> Iterator[tuple[Section, Line]]:
        """Every line below a heading, with its section."""
        for section in self.sections:
            for line in section.lines:
                yield section, line

    def promises(self) -> Iterator[tuple[Section, int, str]]:
        """Every line of every block that is marked `criteria`: its section, its number, and its text without remark."""
        for section, line in self.lines():
            text = _without_remark(line.text).strip()
            if line.block == "criteria" and text:
                yield section, line.number, text

    def prose(self) -> Iterator[tuple[Section, Line]]:
        """Every line that lies in no block."""
        return ((section, line) for section, line in self.lines() if not line.block and line.text.strip())

    def below(self, title: str) -> list[Section]:
        """The sections one level under a heading."""
        return [one for one in self.sections if len(one.path) > 1 and one.path[-2] == title]

    def section(self, title: str) -> Section | None:
        """The first section of a name."""
        return next((one for one in self.sections if one.title == title), None)


def read_document(path: Path, text: str) -> Document:
    """Read a document. It never raises: what cannot be read stands in `faults` with its line."""
    lines = text.split("\n")
    head, start, faults = _head(lines)
    reader = _Reader(faults)
    for number, (raw, shown) in enumerate(zip(lines, _without_comments(lines, faults), strict=True), start=1):
        if number > start:
            reader.line(number, raw, shown)
    if reader.fence:
        faults.append((reader.opened, "this block is not closed; put ``` below it"))
    return Document(path, head, reader.sections, faults)


class _Reader:
    """Sorts one line after the other into sections and blocks."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        self.sections: list[Section] = []
        self.fence, self.opened = "", 0
        self._kind = ""
        self._headings: list[tuple[int, str]] = []
        self._faults = faults

    def line(self, number: int, raw: str, shown: str) -> None:
        marks = _FENCE.match(shown)
        if self.fence:
            self._in_block(number, shown, marks)
        elif marks:
            self.fence, self._kind, self.opened = marks[1], marks[2], number
        elif heading := _HEADING.match(shown):
            self._heading(number, len(heading[1]), heading[2])
        elif self.sections:
            self.sections[-1].is_measured |= MEASURED in raw
            self.sections[-1].lines.append(Line(number, shown))
        elif shown.strip():
            self._faults.append((number, "text before the first heading belongs to no section"))

    def _in_block(self, number: int, shown: str, marks: re.Match[str] | None) -> None:
        if marks and marks[1].startswith(self.fence[:3]) and not marks[2]:
            self.fence = ""
        elif self.sections:
            self.sections[-1].lines.append(Line(number, shown, self._kind or "code"))

    def _heading(self, number: int, level: int, title: str) -> None:
        above = [(deep, name) for deep, name in self._headings if deep < level]
        self._headings = [*above, (level, title)]
        self.sections.append(Section(tuple(name for _, name in self._headings), number, level))


def cells(row: str) -> list[str]:
    """The cells of a line of a table."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def _head(lines: Sequence[str]) -> tuple[dict[str, tuple[int, str]], int, list[tuple[int, str]]]:
    if not lines or lines[0].strip() != "---":
        return {}, 0, []
    found: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == "---":
            return found, number, []
        key, colon, value = line.partition(":")
        if colon:
            found[key.strip()] = (number, value.strip())
        elif line.strip():
            return found, number, [(number, "`key: value` is expected, then --- alone on a line")]
    return found, 1, [(1, "the head is not closed; put --- alone on a line below it")]


def _without_comments(lines: Sequence[str], faults: list[tuple[int, str]]) -> Iterator[str]:
    """Each line without what stands in `<!-- -->`, which may go over lines."""
    opened = 0
    for number, line in enumerate(lines, start=1):
        kept, rest = "", line
        while rest:
            before, mark, rest = rest.partition("-->" if opened else "<!--")
            if opened and "<!--" in before:
                faults.append((opened, "this comment is not closed; put --> after it"))
            kept += "" if opened else before
            opened = (0 if opened else number) if mark else opened
        yield kept
    if opened:
        faults.append((opened, "this comment is not closed; put --> after it"))


def _without_remark(text: str) -> str:
    """A promise without what follows `#` outside of quotes."""
    parts = text.split('"')
    for number in range(0, len(parts), 2):
        if "#" in parts[number]:
            return '"'.join([*parts[:number], parts[number].partition("#")[0]])
    return text
