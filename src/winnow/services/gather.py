"""Gate 1, in: fetch sources, admit what they bring, decide about it.

Killed anywhere, the next run finishes: rows are admitted one by one, each once, and the cursor moves only when all are in.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from winnow.core.errors import FetchError, WinnowError
from winnow.core.text import clean
from winnow.core.urls import MAX_URL
from winnow.core.values import Candidate
from winnow.egress.backoff import next_wait
from winnow.ml.encoder import Progress
from winnow.models import Item, Source
from winnow.services.admit import admit, prepared, refresh_signals, unseen
from winnow.services.classify import classify_admitted
from winnow.services.discover import look
from winnow.services.network import FETCH_SECONDS, client
from winnow.services.resolve import ask_to_resolve
from winnow.services.screen import Outcome
from winnow.services.sources import add_source
from winnow.services.trust import judge_source, note_reading, note_tags
from winnow.sources.base import Page
from winnow.sources.dispatch import connector_of
from winnow.sources.rhythm import interval

__all__ = ["Counts", "Gathered", "client", "gather_address", "gather_source"]

# Spread over the upper tenth, so that sources added together are not read together for ever.
JITTER = 0.1
# How many entries show a source's rhythm.
RHYTHM = 50


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
    started = timezone.now()
    try:
        page = _fetch(source)
        counts = _held_counts(source) if page.is_unchanged else _admit_page(source, page, progress)
    except WinnowError as error:
        _mark_failed(source, error)
        return Gathered(source.name, address, error={"code": error.code, "message": str(error)})
    if page.is_unchanged:
        judge_source(source, None)
    classify_admitted()
    _note_tags(source, started)
    _mark_fetched(source, page, counts)
    return Gathered(source.name, address, counts, left_out=page.left_out)


def _fetch(source: Source) -> Page:
    """One page of the source. An address that was added as a feed and is a page leads to the feed that it names."""
    connector = connector_of(source.kind, settings.CREDENTIALS)
    if missing := connector.missing(source.address):
        raise FetchError("no_credentials", missing)
    bounded = client().within(FETCH_SECONDS)
    try:
        return connector.fetch(source.address, source.cursor, bounded)
    except FetchError as error:
        if error.code != "not_a_feed" or source.kind != "feed" or source.fetched_at is not None:
            raise
        found = look(source.address, bounded)
        if found.address == source.address or Source.objects.filter(address=found.address).exists():
            raise
    Source.objects.filter(pk=source.pk).update(address=found.address, kind=found.kind)
    source.refresh_from_db()
    return connector_of(found.kind, settings.CREDENTIALS).fetch(source.address, {}, bounded)


def _admit_page(source: Source, page: Page, progress: Progress | None) -> Counts:
    """Admit a page in batches: vectors outside, one short transaction a row. Then see whether it agrees with history."""
    fresh = unseen(page.candidates, source)
    outcomes: Counter[str] = Counter()
    for batch in prepared(fresh):
        for screened in batch:
            admission = admit(screened, source=source)
            outcomes[_counted_as(admission.verdict.outcome)] += 1
            if admission.is_new and admission.verdict.outcome is Outcome.ACCEPTED:
                ask_to_resolve(admission.item, is_submitted=False)
        if progress is not None:
            progress(outcomes.total(), len(fresh))
    refresh_signals(_known(page.candidates, fresh), source)
    judge_source(source, note_reading(source, fresh, outcomes, n_entries=len(page.candidates)))
    outcomes["duplicate"] += len(page.candidates) - len(fresh)
    return Counts(fetched=len(page.candidates), **outcomes)


def _known(candidates: Sequence[Candidate], fresh: Sequence[Candidate]) -> list[Candidate]:
    new = {candidate.external_id for candidate in fresh}
    return [candidate for candidate in candidates if candidate.external_id not in new]


def _note_tags(source: Source, started: datetime) -> None:
    reading = source.readings.filter(read_at__gte=started).last()
    if reading is not None:
        note_tags(reading, since=started)


def _counted_as(outcome: Outcome) -> str:
    return {Outcome.ACCEPTED: "admitted", Outcome.SPAM: "off_topic"}.get(outcome, str(outcome))


def _held_counts(source: Source) -> Counts:
    """An unchanged source holds what it held when it was last read to the end: all of that is here already."""
    n_entries = int(source.cursor.get("n_entries", 0))
    return Counts(fetched=n_entries, duplicate=n_entries)


def _mark_fetched(source: Source, page: Page, counts: Counts) -> None:
    now = timezone.now()
    pause = interval(_moments(source), now)
    spread = pause * random.uniform(1.0 - JITTER, 1.0)  # noqa: S311 - jitter, no secret
    Source.objects.filter(pk=source.pk).update(
        cursor=source.cursor if page.is_unchanged else {**page.cursor, "n_entries": str(counts.fetched)},
        title=page.title[:200] or source.title,
        moved_to="" if page.moved_to == source.address or len(page.moved_to) > MAX_URL else page.moved_to,
        fetched_at=now,
        interval_seconds=pause,
        # Never before the source wants it.
        next_fetch_at=now + timedelta(seconds=max(spread, page.wait or 0.0, page.fresh_for)),
        n_failures=0,
        error_code="",
        error_message="",
    )


def _moments(source: Source) -> list[datetime]:
    """When the newest entries came out."""
    newest = Item.objects.filter(source=source).order_by("-dated_at")
    return list(newest.values_list("dated_at", flat=True)[:RHYTHM])


def _mark_failed(source: Source, error: WinnowError) -> None:
    retry_after = error.retry_after if isinstance(error, FetchError) else None
    n_failures = source.n_failures + 1
    wait = next_wait(n_failures, retry_after, random.Random())  # noqa: S311 - jitter, no secret
    again_at = timezone.now() + timedelta(seconds=wait)
    Source.objects.filter(pk=source.pk).update(
        n_failures=n_failures,
        error_code=error.code[:40],
        error_message=clean(str(error), 500),
        next_fetch_at=again_at,
    )
    if retry_after and source.host:
        # Who asks to be left alone is left alone by all of its sources.
        Source.objects.filter(host=source.host, is_active=True, next_fetch_at__lt=again_at).update(
            next_fetch_at=again_at
        )
