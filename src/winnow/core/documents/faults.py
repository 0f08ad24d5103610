"""What keeps a document from being built: each fault with its line."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from winnow.core.criteria.functions import FUNCTIONS
from winnow.core.criteria.grammar import Call, CriterionError, nearest, read_call, read_criterion
from winnow.core.criteria.judge import Measured
from winnow.core.documents.cards import stale
from winnow.core.documents.markdown import FIGURE, LINK, Document, Line, cells
from winnow.core.documents.plan import deliverable_faults, read_timeline

_NUMBER = re.compile(r"(?<![\w\-/#.])\.?\d+(?:[.,]\d+)*(?:\s?%)?(?![\w-])")
_CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|^\s*\d+[.)]\s")
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
KINDS = ("proof of concept", "implementation")
AUDIENCES = ("internal", "external")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault: where, and what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How to look a measurement up: `unknown` says why a name means nothing, or "". `sha256` names a state of files."""

    unknown: Callable[[Call], str]
    of: Callable[[Call], Measured | None]
    sha256: Callable[[Sequence[str]], str]


def faults_of(document: Document, template: Document, evidence: Evidence) -> list[Fault]:
    """Everything that is wrong with a document, in the order of its lines."""
    found = [
        *document.faults,
        *_head(document, template),
        *stale(document, evidence.sha256),
        *_sections(document, template),
        *_promises(document, evidence),
        *_figures(document, evidence),
        *_typed(document),
        *_tables(document),
        *_links(document),
        *deliverable_faults(document),
        *read_timeline(document)[1],
    ]
    return sorted({Fault(str(document.path), line, message) for line, message in found})


def _head(document: Document, template: Document) -> Iterator[tuple[int, str]]:
    for key in template.head:
        if key not in document.head:
            yield 1, f"the head lacks `{key}:`"
    for key, allowed in (("kind", KINDS), ("audience", AUDIENCES)):
        line, value = document.head.get(key, (0, ""))
        if line and value not in allowed:
            yield line, f"{key} `{value}`: {nearest(value, allowed)}"


def _sections(document: Document, template: Document) -> Iterator[tuple[int, str]]:
    titles = [section.title for section in document.sections]
    parents = {path[:-1] for path in (section.path for section in document.sections)}
    for section in template.sections[1:]:
        if section.level <= 3 and section.title not in titles and not section.title.startswith("$"):
            yield 1, f"the section `{section.title}` is missing"
    for title in {title for title in titles if titles.count(title) > 1}:
        second = [section for section in document.sections if section.title == title and len(section.path) <= 2][1:]
        yield from ((section.number, f"the section `{title}` stands here twice") for section in second)
    for section in document.sections[1:]:
        if section.is_empty and section.path not in parents:
            yield section.number, f"the section `{section.title}` is empty"


def _promises(document: Document, evidence: Evidence) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for _, number, text in document.promises():
        try:
            criterion = read_criterion(text)
        except CriterionError as error:
            yield number, f"column {error.column}: {error}"
            continue
        if reason := evidence.unknown(criterion.call):
            yield number, reason
        if str(criterion) in seen:
            yield number, f"`{criterion}` is promised twice"
        seen.add(str(criterion))


def _figures(document: Document, evidence: Evidence) -> Iterator[tuple[int, str]]:
    for _, line in document.prose():
        for past, text in FIGURE.findall(line.text):
            yield from ((line.number, message) for message in _figure(text, evidence, is_past=bool(past)))
        if FIGURE.sub("", line.text).count("{{"):
            yield line.number, "a figure is not closed; put }} after it"


def _figure(text: str, evidence: Evidence, *, is_past: bool) -> Iterator[str]:
    try:
        call = read_call(text)
    except CriterionError as error:
        yield f"figure, column {error.column}: {error}"
        return
    if FUNCTIONS[call.function].dimension == "fact":
        yield f"`{call.function}` gives no figure"
    elif reason := evidence.unknown(call):
        yield reason
    elif (measured := evidence.of(call)) and not measured.is_current and not is_past:
        yield f"the figure `{call}` is stale: its code has changed; measure anew, or say `{{{{past {call}}}}}`"


def _typed(document: Document) -> Iterator[tuple[int, str]]:
    for section, line in document.prose():
        if section.is_measured and (found := _NUMBER.search(_CODE.sub(" ", FIGURE.sub(" ", line.text)))):
            yield line.number, f"`{found[0]}` is typed in; write a figure such as {{{{precision(published)}}}} instead"


def _tables(document: Document) -> Iterator[tuple[int, str]]:
    for section in document.sections:
        table: list[Line] = []
        for line in [*section.lines, Line(0, "")]:
            if line.text.strip().startswith("|") and not line.block:
                table.append(line)
                continue
            yield from _table(table)
            table = []


def _table(table: Sequence[Line]) -> Iterator[tuple[int, str]]:
    if not table:
        return
    if len(table) < 2 or not _RULE.match(table[1].text):
        yield table[0].number, "this table lacks the line of dashes under its head"
        return
    width = len(cells(table[0].text))
    for line in table[1:]:
        if len(cells(line.text)) != width:
            yield line.number, f"{len(cells(line.text))} cells where the table has {width}"


def _links(document: Document) -> Iterator[tuple[int, str]]:
    for _, line in document.prose():
        for target in LINK.findall(_shown(line.text)):
            scheme = re.match(r"([a-zA-Z][\w+.-]*):", target)
            if scheme and scheme[1].lower() not in ("http", "https", "mailto"):
                yield line.number, f"a link may not begin with `{scheme[1]}:`"
            elif not scheme and not target.startswith("#") and not _is_there(document.path, target):
                yield line.number, f"`{target}` is not there"


def _shown(text: str) -> str:
    return re.sub(r"`[^`]*`", "", text)


def _is_there(path: Path, target: str) -> bool:
    try:
        return (path.parent / target.partition("#")[0]).exists()
    except (OSError, ValueError):
        return False
