"""Deliverables and timeline of a project plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from winnow.core.documents.markdown import Document, Line, Section, cells

DELIVERABLES, TIMELINE = "Deliverables", "Timeline"
FACTS = ("objective", "priority", "release", "contributors", "dependencies")
PRIORITIES = ("must", "should", "could")
COLUMNS = ("what", "environment", "planned from", "planned to", "real from", "real to")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line of the timeline; what is not known yet is None."""

    what: str
    environment: str
    planned: tuple[date, date]
    real_from: date | None
    real_to: date | None


def facts_of(section: Section) -> dict[str, Line]:
    """The `- key: value` lines of a deliverable."""
    pairs = ((line.text.strip().removeprefix("- ").partition(":"), line) for line in section.lines if not line.block)
    return {key.strip(): line for (key, colon, value), line in pairs if colon and value.strip()}


def deliverable_faults(document: Document) -> list[tuple[int, str]]:
    """What is wrong with the deliverables: facts that are missing, priorities that are none, no criteria."""
    faults = []
    promised = {section.number for section, _, _ in document.promises()}
    for section in document.below(DELIVERABLES):
        facts = facts_of(section)
        faults += [(section.number, f"`{section.title}` lacks `- {key}: ...`") for key in FACTS if key not in facts]
        if section.number not in promised:
            faults.append((section.number, f"`{section.title}` has no criteria, so nothing can say that it is done"))
        if line := facts.get("priority"):
            said = line.text.partition(":")[2].strip()
            if said not in PRIORITIES:
                faults.append((line.number, f"priority `{said}` is none of {', '.join(PRIORITIES)}"))
    return faults


def read_timeline(document: Document) -> tuple[list[Stretch], list[tuple[int, str]]]:
    """The timeline and what is wrong with it."""
    section = document.section(TIMELINE)
    rows = [line for line in section.lines if line.text.strip().startswith("|")] if section else []
    if section is None or not rows:
        return [], []
    if tuple(cells(rows[0].text)) != COLUMNS:
        return [], [(rows[0].number, f"the columns of the timeline are {' | '.join(COLUMNS)}")]
    stretches, faults = [], []
    for line in rows[2:]:
        try:
            stretches.append(_stretch(cells(line.text)))
        except ValueError as error:
            faults.append((line.number, str(error)))
    return stretches, faults


def _stretch(row: Sequence[str]) -> Stretch:
    if len(row) != len(COLUMNS):
        raise ValueError(f"{len(row)} cells where {len(COLUMNS)} are expected")
    first, last, real_from, real_to = (_day(text) for text in row[2:])
    if first is None or last is None:
        raise ValueError("a planned day is missing")
    if last < first or (real_from and real_to and real_to < real_from) or (real_to and not real_from):
        raise ValueError("it ends before it begins")
    return Stretch(row[0], row[1], (first, last), real_from, real_to)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"`{text}` is no day; write 2026-11-27 or leave it empty") from None
