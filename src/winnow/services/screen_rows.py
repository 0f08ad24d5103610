"""The dry run of gate 2 over a row file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from winnow.core.text import fingerprint
from winnow.core.values import Candidate
from winnow.ml.encoder import Progress
from winnow.services.admit import BATCH, find_holders, prepare
from winnow.services.screen import Holder, Outcome, Screened, Verdict, judge
from winnow.sources.rows import Row, read_rows


@dataclass(frozen=True, slots=True)
class ScreenedRow:
    """The verdict on one row; `duplicate_of` is the id of the row (or the number of the Item) that it repeats."""

    id: str
    verdict: str
    duplicate_of: str | int | None
    reason: str


def screen_file(path: Path, *, against_store: bool = False, progress: Progress | None = None) -> Iterator[ScreenedRow]:
    """Decide about each row in order, as if those before it had been admitted; stores nothing."""
    held: dict[str, Holder] = {}

    def find(keys: Sequence[str]) -> Mapping[str, Holder]:
        stored = find_holders(keys) if against_store else {}
        return {**stored, **{key: held[key] for key in keys if key in held}}

    n_done = 0
    rows = iter(read_rows(path))
    while batch := list(islice(rows, BATCH)):
        for row, screened in zip(batch, prepare([_candidate(row) for row in batch]), strict=True):
            verdict = judge(screened, find)
            _remember(row, screened, verdict, held)
            yield _answer(row, verdict)
        if progress is not None:
            progress(n_done := n_done + len(batch), 0)


def _candidate(row: Row) -> Candidate:
    return Candidate(
        external_id=fingerprint(row.id),
        title=row.title,
        description=row.description,
        url=row.url,
        published_at=row.created_on,
        line=row.line,
        fault=row.fault,
    )


def _remember(row: Row, screened: Screened, verdict: Verdict, held: dict[str, Holder]) -> None:
    """Whatever is no fault holds its keys from now on; a copy lends them to its face."""
    if verdict.outcome is Outcome.INVALID:
        return
    owner = Holder(row.id, screened.work)
    if verdict.outcome is Outcome.DUPLICATE and verdict.face is not None:
        stored = Holder(verdict.face, screened.work)
        owner = next((holder for holder in held.values() if holder.id == verdict.face), stored)
    for key in screened.keys:
        held.setdefault(key, owner)


def _answer(row: Row, verdict: Verdict) -> ScreenedRow:
    shown = Outcome.OFF_TOPIC if verdict.outcome is Outcome.SPAM else verdict.outcome
    reason = f"spam: {verdict.reason}" if verdict.outcome is Outcome.SPAM else verdict.reason
    return ScreenedRow(row.id, str(shown), verdict.face, reason)
