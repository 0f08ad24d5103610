"""What a training set has to be before anything is trained on it: findings that name the rows."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from statistics import median

from winnow.core.values import Example
from winnow.ml.slices import slice_names
from winnow.ml.splits import group_examples

MIN_ROWS = 20
MAX_RATIO = 10
MAX_OTHER_SCRIPTS = 0.05
EARLIEST = date(1950, 1, 1)
_NAMED = 5
# Everything that is looked at, in the order in which it is told.
CHECKS = ("schema", "tags", "leaks", "conflicts", "balance", "language", "dates")


class Severity(StrEnum):
    """A set that fails is not trained on; a warning is for a person to weigh."""

    FAILS = "fails"
    WARNS = "warns"


@dataclass(frozen=True, slots=True)
class Finding:
    """An expectation that was not met, in words; `rows` are the ids of the rows, or their places where they have none."""

    check: str
    severity: Severity
    message: str
    rows: tuple[str, ...] = ()


def check_examples(
    train: Sequence[Example],
    held_out: Sequence[Example],
    classes: Sequence[str],
    *,
    dates: Mapping[str, date] | None = None,
    today: date | None = None,
) -> tuple[Finding, ...]:
    """Findings about a training set and what is held out to measure it, those that fail first; empty where all is well.

    `dates` are those of works by id, as far as they are known; `today` is the last day that can have been.
    """
    train, held_out = _named(train, "train"), _named(held_out, "held out")
    findings = (
        *_schema(train, held_out),
        *_tags(train, held_out, classes),
        *_leaks(train, held_out),
        *_conflicts(train),
        *_balance(train, held_out, classes),
        *_scripts((*train, *held_out), classes),
        *_dates(train, held_out, dates or {}, today),
    )
    return tuple(sorted(findings, key=lambda finding: finding.severity is Severity.WARNS))


def fails(findings: Sequence[Finding]) -> bool:
    """Whether any finding forbids training."""
    return any(finding.severity is Severity.FAILS for finding in findings)


def _named(examples: Sequence[Example], side: str) -> tuple[Example, ...]:
    return tuple(replace(e, id=e.id or f"{side} row {row}") for row, e in enumerate(examples, start=1))


def _schema(train: Sequence[Example], held_out: Sequence[Example]) -> Iterator[Finding]:
    everything = (*train, *held_out)
    yield from _finding(
        "schema", Severity.FAILS, "rows without a title", (e.id for e in everything if not e.document.title)
    )
    bad = (e.id for e in everything if not (math.isfinite(e.weight) and e.weight > 0.0))
    yield from _finding("schema", Severity.FAILS, "rows whose weight is not above 0", bad)
    for side in (train, held_out):
        repeated = (name for name, count in Counter(e.id for e in side).items() if count > 1)
        yield from _finding("schema", Severity.FAILS, "ids of more than one row", repeated)
    bare = [e.id for e in everything if not e.document.description]
    if 2 * len(bare) > len(everything):
        yield from _finding("schema", Severity.WARNS, "more than half of all rows lack a description", bare)


def _tags(train: Sequence[Example], held_out: Sequence[Example], classes: Sequence[str]) -> Iterator[Finding]:
    strangers: defaultdict[str, list[str]] = defaultdict(list)
    for example in (*train, *held_out):
        if example.tag not in classes:
            strangers[example.tag].append(example.id)
    for tag, rows in sorted(strangers.items()):
        yield from _finding("tags", Severity.FAILS, f"rows that bear {tag!r}, which is no approved tag", rows)


def _leaks(train: Sequence[Example], held_out: Sequence[Example]) -> Iterator[Finding]:
    """Works on both sides: what measures the model would be what it learned by heart."""
    sides: defaultdict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    everything = (*train, *held_out)
    for row, group in enumerate(group_examples(everything, by_description=True)):
        sides[group][row >= len(train)].append(everything[row].id)
    for learned, measured in sides.values():
        if learned and measured:
            rows = tuple(dict.fromkeys((*learned, *measured)))
            what = f"{_list(measured)} (held out) and {_list(learned)} (train) are the same work or nearly"
            yield Finding("leaks", Severity.FAILS, what, rows)


def _conflicts(train: Sequence[Example]) -> Iterator[Finding]:
    groups: defaultdict[int, list[Example]] = defaultdict(list)
    for example, group in zip(train, group_examples(train), strict=True):
        groups[group].append(example)
    for members in groups.values():
        tags = sorted({example.tag for example in members})
        if len(tags) > 1:
            message = f"one work or nearly, under {' and '.join(tags)}"
            yield from _finding("conflicts", Severity.WARNS, message, (example.id for example in members))


def _balance(train: Sequence[Example], held_out: Sequence[Example], classes: Sequence[str]) -> Iterator[Finding]:
    counts = Counter(example.tag for example in train)
    for tag in classes:
        if not counts[tag]:
            yield Finding("balance", Severity.FAILS, f"no training row bears {tag}")
        elif counts[tag] < MIN_ROWS:
            yield Finding("balance", Severity.WARNS, f"{counts[tag]} training rows bear {tag}; {MIN_ROWS} are few")
        if held_out and not any(example.tag == tag for example in held_out):
            yield Finding("balance", Severity.WARNS, f"no held-out row bears {tag}, so that nothing measures it")
    present = [(counts[tag], tag) for tag in classes if counts[tag]]
    if present and max(present)[0] > MAX_RATIO * min(present)[0]:
        (most, common), (least, rare) = max(present), min(present)
        yield Finding(
            "balance", Severity.WARNS, f"{common} has {most} rows, {rare} {least}: more than {MAX_RATIO} to 1"
        )


def _scripts(examples: Sequence[Example], classes: Sequence[str]) -> Iterator[Finding]:
    """Language as far as script tells it: what few rows are written in is not learned from them."""
    by_script: defaultdict[str, list[str]] = defaultdict(list)
    for example in examples:
        (script,) = (name for name in slice_names(example.facts, classes) if name.startswith("script: "))
        by_script[script.removeprefix("script: ")].append(example.id)
    if not by_script:
        return
    common = max(by_script, key=lambda script: len(by_script[script]))
    others = [name for script, rows in by_script.items() if script != common for name in rows]
    if len(others) > MAX_OTHER_SCRIPTS * len(examples):
        yield from _finding(
            "language", Severity.WARNS, f"rows that are not in {common} script, as the others are", others
        )


def _dates(
    train: Sequence[Example], held_out: Sequence[Example], dates: Mapping[str, date], today: date | None
) -> Iterator[Finding]:
    known = [(example.id, dates[example.id]) for example in (*train, *held_out) if example.id in dates]
    future = (name for name, day in known if today is not None and day > today)
    yield from _finding("dates", Severity.FAILS, "rows dated after today", future)
    yield from _finding(
        "dates", Severity.FAILS, f"rows dated before {EARLIEST.year}", (n for n, d in known if d < EARLIEST)
    )
    learned, measured = ([dates[e.id].toordinal() for e in side if e.id in dates] for side in (train, held_out))
    if learned and measured and median(measured) < median(learned):
        yield Finding("dates", Severity.WARNS, "held-out works are older than what trains: they measure the past")


def _finding(check: str, severity: Severity, what: str, rows: Iterator[str] | Sequence[str]) -> Iterator[Finding]:
    """One finding about rows, where there are any."""
    if names := tuple(dict.fromkeys(rows)):
        yield Finding(check, severity, f"{what}: {_list(names)}", names)


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
