"""The dry run of gate 2 over a row file."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from winnow.core.text import fingerprint
from winnow.core.values import Candidate
from winnow.ml.encoder import Progress
from winnow.services.admit import BATCH, prepare
from winnow.services.holders import MAX_NEIGHBOURS, PER_BLOCK, Platform
from winnow.services.screen import Holder, Outcome, Screened, Verdict, judge
from winnow.sources.rows import Row, read_rows


@dataclass(frozen=True, slots=True)
class ScreenedRow:
    """The verdict on one row; `duplicate_of` is the id of the row (or the number of the Item) that it repeats."""

    id: str
    verdict: str
    duplicate_of: str | int | None
    reason: str


class Rows:
    """The rows so far, as a store to screen against, upon the platform's where that is asked for."""

    def __init__(self, below: Platform | None = None) -> None:
        self._below = below
        self._held: dict[str, Holder] = {}
        self._blocks: defaultdict[int, list[Holder]] = defaultdict(list)

    def holders(self, keys: Sequence[str]) -> Mapping[str, Holder]:
        """Who holds these keys."""
        stored = self._below.holders(keys) if self._below else {}
        return {**stored, **{key: self._held[key] for key in keys if key in self._held}}

    def neighbours(self, blocks: Sequence[int]) -> Sequence[Holder]:
        """The newest that share a block, those that share most first."""
        found = [holder for block in blocks for holder in self._blocks.get(block, ())[-PER_BLOCK:]]
        by_place = {id(holder): holder for holder in found}
        shared = Counter(id(holder) for holder in found)
        nearest = [by_place[place] for place, _ in shared.most_common(MAX_NEIGHBOURS)]
        return [*nearest, *(self._below.neighbours(blocks) if self._below else ())]

    def remember(self, row: Row, screened: Screened, verdict: Verdict) -> None:
        """Whatever is no fault holds its keys from now on; those of a copy lead to its face."""
        if verdict.outcome is Outcome.INVALID:
            return
        is_copy = verdict.outcome is Outcome.DUPLICATE and verdict.face is not None
        holder = Holder(verdict.face if is_copy and verdict.face is not None else row.id, screened.work)
        for key in screened.keys:
            self._held.setdefault(key, holder)
        for block in screened.blocks:
            self._blocks[block].append(holder)


def screen_file(path: Path, *, against_store: bool = False, progress: Progress | None = None) -> Iterator[ScreenedRow]:
    """Decide about each row in order, as if those before it had been admitted; stores nothing."""
    store = Rows(Platform() if against_store else None)
    n_done = 0
    rows = iter(read_rows(path))
    while batch := list(islice(rows, BATCH)):
        for row, screened in zip(batch, prepare([_candidate(row) for row in batch]), strict=True):
            verdict = judge(screened, store)
            store.remember(row, screened, verdict)
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


def _answer(row: Row, verdict: Verdict) -> ScreenedRow:
    shown = Outcome.OFF_TOPIC if verdict.outcome is Outcome.SPAM else verdict.outcome
    reason = f"spam: {verdict.reason}" if verdict.outcome is Outcome.SPAM else verdict.reason
    return ScreenedRow(row.id, str(shown), verdict.face, reason)
