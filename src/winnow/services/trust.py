"""A stream is trusted only while it agrees with its history: what it brought is counted, compared, and acted on."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Exists, OuterRef
from django.utils import timezone

from winnow.core.values import Candidate
from winnow.ml.language import language_of
from winnow.ml.stream import (
    AGREES,
    WINDOW_BATCHES,
    WINDOW_ENTRIES,
    Batch,
    Break,
    disagreements,
    has_history,
    silence,
    spending,
    split,
)
from winnow.models import Item, Label, Reading, Report, Source
from winnow.services.sources import set_trust

KEPT_READINGS = 500
# Of what people decided about a new source's Items: how many at the least, and which share must be works of ours.
MIN_DECIDED = 5
MIN_KEPT_SHARE = 0.8
WEEK = timedelta(days=7)
MAX_PUBLISHED = 5_000
AGREES_AGAIN = "it agrees with its history again"
HAS_HISTORY = "its readings agree with one another, and people kept what it brought"


def note_reading(
    source: Source, fresh: Sequence[Candidate], outcomes: Mapping[str, int], *, n_entries: int
) -> Reading | None:
    """Store what a reading brought; one without new entries makes no history."""
    if not fresh:
        return None
    now = timezone.now()
    is_first = not source.readings.exists()
    delays = [(now - one.published_at).total_seconds() for one in fresh if one.published_at]
    reading = Reading.objects.create(
        source=source,
        read_at=now,
        n_entries=n_entries,
        n_new=len(fresh),
        counts=_counts(fresh, outcomes),
        # The first reading brings what is old.
        delay_seconds=median(delays) if delays and not is_first else None,
    )
    oldest = source.readings.order_by("-pk").values_list("pk", flat=True)[KEPT_READINGS : KEPT_READINGS + 1].first()
    if oldest is not None:
        source.readings.filter(pk__lte=oldest).delete()
    return reading


def note_tags(reading: Reading, *, since: datetime) -> None:
    """Add to a reading what its Items, admitted since then, were taken for: the next reading is compared with that."""
    items = Item.objects.filter(source=reading.source, admitted_at__gte=since, likely_tag__isnull=False)
    if tags := Counter(items.values_list("likely_tag", flat=True)):
        reading.counts = {**reading.counts, "tags": dict(tags)}
        reading.save(update_fields=["counts"])


def judge_source(source: Source, reading: Reading | None) -> tuple[Break, ...]:
    """Compare what is new with the history, and change the source's trust where that is due.

    A trusted source that breaks an expectation goes on probation, with the reasons; one on probation is trusted again
    once a window of its entries agrees. A new one needs a history first, and people's word that its works are ours.
    """
    readings = list(reversed(source.readings.order_by("-pk")[:KEPT_READINGS]))
    is_trusted = source.trust == Source.Trust.TRUSTED
    broken = _disagreements(source, readings, is_trusted=is_trusted) if reading else _silence(readings)
    if broken and reading is not None:
        _mark_odd(reading, broken, readings, is_trusted=is_trusted)
    if broken and is_trusted:
        set_trust(source=source, is_trusted=False, reason="; ".join(one.said for one in broken), account=None)
    elif not broken and reading is not None and not is_trusted and not source.is_held:
        _reconsider(source, readings)
    return broken


def _mark_odd(reading: Reading, broken: Sequence[Break], readings: Sequence[Reading], *, is_trusted: bool) -> None:
    """Keep a reading out of the history. On probation its own entries decide: its neighbours in the window have theirs."""
    if not is_trusted:
        history, _ = _split(readings)
        broken = disagreements(history, [_batch(reading)], now=reading.read_at.timestamp(), alpha=AGREES)
    reading.broke = [one.expectation for one in broken]
    reading.save(update_fields=["broke"])


def _disagreements(source: Source, readings: Sequence[Reading], *, is_trusted: bool) -> tuple[Break, ...]:
    history, window = _split(readings)
    last = readings[-1].read_at
    before = readings[-2].read_at if len(readings) > 1 else last
    alpha = spending((last - before).total_seconds()) if is_trusted else AGREES
    return disagreements(history, window, now=last.timestamp(), alpha=alpha) + _reported(source, last, alpha)


def _silence(readings: Sequence[Reading]) -> tuple[Break, ...]:
    """A silent source brings nothing, but what it brings when it speaks again is looked at first."""
    found = silence([_batch(one) for one in readings if not one.broke], now=timezone.now().timestamp())
    return (found,) if found else ()


def _reconsider(source: Source, readings: Sequence[Reading]) -> None:
    """Trust the source if there is reason to: a whole window since it broke, or, for a new one, a first history."""
    history, window = _split(readings)
    if not has_history(history):
        return
    if source.trust_changed_at is None:
        if _is_kept_by_people(source):
            set_trust(source=source, is_trusted=True, reason=HAS_HISTORY, account=None)
        return
    since = [one for one in readings if one.read_at > source.trust_changed_at and not one.broke]
    is_whole = sum(batch.n for batch in window) >= WINDOW_ENTRIES or len(window) == WINDOW_BATCHES
    if is_whole and len(window) <= len(since):
        set_trust(source=source, is_trusted=True, reason=AGREES_AGAIN, account=None)


def _split(readings: Sequence[Reading]) -> tuple[list[Batch], list[Batch]]:
    """The history without what broke it, and the newest window with it."""
    _, window = split(list(map(_batch, readings)))
    n_before = len(readings) - len(window)
    return [_batch(one) for one in readings[:n_before] if not one.broke], list(window)


def _batch(reading: Reading) -> Batch:
    return Batch(reading.read_at.timestamp(), reading.n_new, reading.counts)


def _counts(fresh: Sequence[Candidate], outcomes: Mapping[str, int]) -> dict[str, dict[str, int]]:
    present = {
        "description": sum(bool(one.description) for one in fresh),
        "date": sum(one.published_at is not None for one in fresh),
        "author": sum(bool(one.author) for one in fresh),
        "usable": sum(one.fault is None for one in fresh),
    }
    languages = Counter(language_of(f"{one.title} {one.description[:1000]}") for one in fresh)
    return {
        "fields": present,
        "language": dict(languages),
        "duplicates": {"duplicate": outcomes.get("duplicate", 0)},
        "off_topic": {"off_topic": outcomes.get("off_topic", 0)},
    }


def _is_kept_by_people(source: Source) -> bool:
    decided = Label.objects.filter(item__source=source, is_gold=True, undoes=None)
    n_decided = decided.count()
    n_kept = decided.exclude(tag=None, copy_of=None).count()
    return n_decided >= MIN_DECIDED and n_kept >= MIN_KEPT_SHARE * n_decided


def _reported(source: Source, now: datetime, alpha: float) -> tuple[Break, ...]:
    """Reports on what was published: the last week against the weeks before it, each a batch."""
    is_reported = Exists(Report.objects.filter(item=OuterRef("pk")))
    published = Item.objects.filter(source=source, published_at__isnull=False).annotate(is_reported=is_reported)
    weeks: defaultdict[int, list[bool]] = defaultdict(list)
    for at, reported in published.order_by("-pk").values_list("published_at", "is_reported")[:MAX_PUBLISHED]:
        weeks[(now - (at or now)) // WEEK].append(reported)
    batches = [
        Batch(-float(week), len(said), {"reports": {"reported": sum(said)}})
        for week, said in sorted(weeks.items(), reverse=True)
    ]
    lately = [batch for batch in batches if batch.at >= 0]
    found = disagreements([batch for batch in batches if batch.at < 0], lately, now=0.0, alpha=alpha)
    return tuple(one for one in found if one.expectation == "reports")
