"""Gate 1, in: fetch sources, admit what they bring, decide about it.

Killed anywhere, the next run finishes: rows are admitted one by one, each once, and the cursor moves only when all are in.
"""

import random
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.utils import timezone

from winnow.core.errors import FetchError, WinnowError
from winnow.egress.backoff import next_wait
from winnow.ml.encoder import Progress
from winnow.models import Source
from winnow.services.admit import BATCH, admit, prepare, unseen
from winnow.services.classify import classify_admitted
from winnow.services.network import client
from winnow.services.resolve import ask_to_resolve
from winnow.services.screen import Outcome
from winnow.services.sources import add_source
from winnow.sources.base import Page
from winnow.sources.dispatch import connector_of

INTERVAL = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the entries of a source: four counts that add up to `fetched`; spam counts as off-topic."""

    fetched: int = 0
    admitted: int = 0
    duplicate: int = 0
    off_topic: int = 0
    invalid: int = 0


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one source brought; `address` as it was asked for, `error` with code and message where it failed."""

    source: str
    address: str
    counts: Counts = Counts()
    left_out: int = 0
    error: dict[str, str] | None = None

    def as_json(self) -> dict[str, object]:
        """The contract's object; `left_out` only where something was."""
        left_out = {"left_out": self.left_out} if self.left_out else {}
        return {"source": self.source, "address": self.address, **asdict(self.counts), **left_out, "error": self.error}


def gather_address(place: str, *, progress: Progress | None = None) -> Gathered:
    """Fetch what is named: a source by its name, or an address, which is a source from then on."""
    try:
        source = Source.objects.filter(name=place).first() or add_source(address=place)[0]
    except WinnowError as error:
        return Gathered(place, place, error={"code": error.code, "message": str(error)})
    return gather_source(source, address=place, progress=progress)


def gather_source(source: Source, *, address: str = "", progress: Progress | None = None) -> Gathered:
    """Fetch one source now, admit and decide. A source that fails is marked, backs off, and harms nobody else."""
    address = address or source.address
    try:
        page = connector_of(source.kind).fetch(source.address, source.cursor, client())
        counts = _held_counts(source) if page.is_unchanged else _admit_page(source, page, progress)
    except WinnowError as error:
        _mark_failed(source, error)
        return Gathered(source.name, address, error={"code": error.code, "message": str(error)})
    classify_admitted()
    _mark_fetched(source, page, counts)
    return Gathered(source.name, address, counts, left_out=page.left_out)


def _admit_page(source: Source, page: Page, progress: Progress | None) -> Counts:
    """Admit a page in batches: vectors outside, one short transaction a row."""
    fresh = unseen(page.candidates, source)
    outcomes: Counter[str] = Counter(duplicate=len(page.candidates) - len(fresh))
    for start in range(0, len(fresh), BATCH):
        for screened in prepare(fresh[start : start + BATCH]):
            admission = admit(screened, source=source)
            outcomes[_counted_as(admission.verdict.outcome)] += 1
            if admission.is_new and admission.verdict.outcome is Outcome.ACCEPTED:
                ask_to_resolve(admission.item, is_submitted=False)
        if progress is not None:
            progress(min(start + BATCH, len(fresh)), len(fresh))
    return Counts(fetched=len(page.candidates), **outcomes)


def _counted_as(outcome: Outcome) -> str:
    return {Outcome.ACCEPTED: "admitted", Outcome.SPAM: "off_topic"}.get(outcome, str(outcome))


def _held_counts(source: Source) -> Counts:
    """An unchanged source holds what it held when it was last read to the end: all of that is here already."""
    n_entries = int(source.cursor.get("n_entries", 0))
    return Counts(fetched=n_entries, duplicate=n_entries)


def _mark_fetched(source: Source, page: Page, counts: Counts) -> None:
    now = timezone.now()
    wait = timedelta(seconds=page.wait) if page.wait else INTERVAL
    Source.objects.filter(pk=source.pk).update(
        cursor=source.cursor if page.is_unchanged else {**page.cursor, "n_entries": str(counts.fetched)},
        title=page.title[:200] or source.title,
        moved_to=page.moved_to,
        fetched_at=now,
        next_fetch_at=now + max(wait, INTERVAL),
        n_failures=0,
        error_code="",
        error_message="",
    )


def _mark_failed(source: Source, error: WinnowError) -> None:
    retry_after = error.retry_after if isinstance(error, FetchError) else None
    n_failures = source.n_failures + 1
    wait = next_wait(n_failures, retry_after, random.Random())  # noqa: S311 - jitter, no secret
    Source.objects.filter(pk=source.pk).update(
        n_failures=n_failures,
        error_code=error.code[:40],
        error_message=str(error)[:500],
        next_fetch_at=timezone.now() + timedelta(seconds=wait),
    )
