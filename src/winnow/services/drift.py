"""Look whether works have changed; an alarm first asks people for labels, and once they have answered a model is trained."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from winnow.core.text import words
from winnow.ml.drift import Compared, Days, compare_kinds, compare_values, compare_vectors, spending, suffices
from winnow.ml.language import language_of
from winnow.models import DriftCheck, Event, Item, Job, Renewal, ReviewTask, Source
from winnow.services.alerts import close_alert
from winnow.services.budget import champion_row, close_settled
from winnow.services.drift_alarm import KIND, raise_alarm
from winnow.services.drift_audits import MEASURE, look_at_audits
from winnow.services.encode import unpack
from winnow.services.renew import ask_to_renew

PACE = timedelta(days=1)
EVERY = timedelta(days=7)
NOW, BEFORE = timedelta(days=7), timedelta(days=63)
# Of more works than that every second, third, ... is looked at.
MOST_WORKS = 4_000
# From so many older works on there is a list of known words.
ENOUGH_KNOWN, MOST_KNOWN = 100, 2_000
# Labels that do not come in that time are not waited for.
PATIENCE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Monitor:
    """A measure of all works, or of those of one source."""

    measure: str
    source: Source | None

    def __str__(self) -> str:
        return f"{self.measure} of {self.source.name if self.source else 'all works'}"


@dataclass(frozen=True, slots=True)
class Window:
    """The works of one source, or all, with the words that were known before the oldest of them."""

    source: Source | None
    items: Sequence[Item]
    days: Days
    known: frozenset[str]


def is_due() -> bool:
    """Whether a day has passed, and there are works old enough to compare new ones with."""
    last = Job.objects.filter(kind=KIND).aggregate(at=Max("done_at"))["at"]
    if last is not None and last + PACE > timezone.now():
        return False
    return Item.objects.filter(admitted_at__lt=timezone.now() - 3 * NOW).exists()


def watch_works(*, seed: int) -> list[DriftCheck]:
    """Once a week look at every monitor; every day at audits, and go on with what alarms have asked for. Returns the looks."""
    close_settled()
    follow_alarms()
    now = timezone.now()
    of_audits = look_at_audits(now, every=EVERY)
    kept = [of_audits] if of_audits else []
    last = DriftCheck.objects.exclude(measure=MEASURE).aggregate(at=Max("created_at"))["at"]
    if last is not None and last + EVERY > now:
        return kept
    return kept + look(now, since=last, seed=seed)


def look(now: datetime, *, since: datetime | None, seed: int) -> list[DriftCheck]:
    """Compare the last week with the eight before it, for all works and for each source that has enough of both.

    Half of what may be spent since the last look is for the monitors of all works, half for those of sources together.
    """
    seconds = (now - (since or now - EVERY)).total_seconds()
    whole, parts = windows(now)
    checks = _look_at([whole] if whole else [], now, seconds, seed)
    return checks + _look_at(parts, now, seconds, seed + 1)


def windows(now: datetime) -> tuple[Window | None, list[Window]]:
    """What is looked at: all works, and those of each source; only where there are days and works enough."""
    found = Item.objects.filter(admitted_at__gt=now - BEFORE, admitted_at__lte=now).exclude(state=Item.State.REMOVED)
    items = list(_thinned(found, MOST_WORKS).select_related("source"))
    known = _known_words(Item.objects.filter(admitted_at__lte=now - BEFORE))
    by_source: dict[Source, list[Item]] = {}
    for item in items:
        if item.source is not None:
            by_source.setdefault(item.source, []).append(item)
    whole = _window(None, items, known, now)
    parts = [_window(source, own, known, now) for source, own in by_source.items()]
    return whole, [part for part in parts if part is not None]


def follow_alarms() -> int:
    """Train anew where half of what an alarm asked for is answered, or nobody did in two weeks; how many led to that."""
    n = 0
    for event in Event.objects.filter(kind="drift.alarmed", created_at__gt=timezone.now() - 2 * PATIENCE):
        if Renewal.objects.filter(created_at__gt=event.created_at).exists():
            continue
        tasks = event.data["tasks"]
        n_closed = ReviewTask.objects.filter(pk__in=tasks).exclude(closed_at=None).count()
        is_answered = 2 * n_closed >= len(tasks) and n_closed > 0
        if is_answered or event.created_at + PATIENCE <= timezone.now():
            n += ask_to_renew(f"after drift: {event.data['says']}") is not None
    return n


def _look_at(windows: Sequence[Window], now: datetime, seconds: float, seed: int) -> list[DriftCheck]:
    pairs = [(window, name) for window in windows for name in MEASURES if _can(window, name)]
    alpha = spending(seconds, len(pairs))
    if alpha <= 0.0:
        return []
    found = [MEASURES[name](window, alpha, seed + n) for n, (window, name) in enumerate(pairs)]
    return [_keep(window, name, one, alpha, now) for (window, name), one in zip(pairs, found, strict=True)]


@transaction.atomic
def _keep(window: Window, measure: str, found: Compared, alpha: float, now: datetime) -> DriftCheck:
    check = DriftCheck.objects.create(
        measure=measure,
        source=window.source,
        begins=now - NOW,
        ends=now,
        n_before=found.n_before,
        n_now=found.n_now,
        statistic=found.statistic,
        p_value=found.p_value,
        alpha=alpha,
        n_permutations=found.n_shuffles,
        is_alarm=found.p_value <= alpha,
        says=found.says[:300],
    )
    subject = str(Monitor(measure, window.source))
    if check.is_alarm:
        says = f"{subject} changed: {check.says} (p = {check.p_value:.2g}, n = {check.n_now} of {check.n_before + check.n_now})"
        new = [item for item, is_now in zip(window.items, window.days.is_now, strict=True) if is_now]
        raise_alarm(check, subject, says, new)
    else:
        close_alert(KIND, subject)
    return check


def _window(source: Source | None, items: Sequence[Item], known: frozenset[str], now: datetime) -> Window | None:
    # Days are counted back from now, so that the newest is a whole one.
    ages = np.array([(now - item.admitted_at) // timedelta(days=1) for item in items], dtype=np.int64)
    days = Days(-ages, 1 - NOW.days)
    return Window(source, items, days, known) if len(items) and suffices(days) else None


def _thinned(items: QuerySet[Item], most: int) -> QuerySet[Item]:
    step = max(-(-items.count() // most), 1)
    return items.alias(place=F("pk") % step).filter(place=0).order_by("pk")


def _known_words(older: QuerySet[Item]) -> frozenset[str]:
    texts = _thinned(older, MOST_KNOWN).values_list("title", "description")
    found = [set(_words(f"{title} {description}")) for title, description in texts]
    return frozenset().union(*found) if len(found) >= ENOUGH_KNOWN else frozenset()


def _words(text: str) -> Iterator[str]:
    return (word.lower() for word in words(text))


def _text(item: Item) -> str:
    return f"{item.title} {item.description}"


def _unknown(item: Item, known: frozenset[str]) -> float:
    own = list(_words(_text(item)))
    return sum(word not in known for word in own) / max(len(own), 1)


def _chosen(window: Window, is_usable: Callable[[Item], bool]) -> tuple[list[Item], Days]:
    kept = [n for n, item in enumerate(window.items) if is_usable(item)]
    return [window.items[n] for n in kept], Days(window.days.of_work[kept], window.days.first_now)


def _judged(window: Window) -> tuple[list[Item], Days]:
    """What the model that serves has said something of: answers of another are others without any drift."""
    version = champion_row()
    return _chosen(window, lambda item: version is not None and item.model_version_id == version.pk)


def _encoded(window: Window) -> tuple[list[Item], Days]:
    """What the same encoder read, the one that read most."""
    counts: dict[str, int] = {}
    for item in window.items:
        counts[item.encoder_sha256] = counts.get(item.encoder_sha256, 0) + 1
    counts.pop("", None)
    most = max(counts, key=lambda sha256: counts[sha256], default="")
    return _chosen(window, lambda item: bool(most) and item.encoder_sha256 == most and item.vector is not None)


def _can(window: Window, measure: str) -> bool:
    if measure == "unknown words":
        return bool(window.known)
    usable = {"tags": _judged, "confidence": _judged, "vectors": _encoded}.get(measure)
    return usable is None or (bool((found := usable(window))[0]) and suffices(found[1]))


def _length(window: Window, alpha: float, seed: int) -> Compared:
    return compare_values([len(_text(item)) for item in window.items], window.days, alpha=alpha, seed=seed)


def _language(window: Window, alpha: float, seed: int) -> Compared:
    return compare_kinds([language_of(_text(item)) for item in window.items], window.days, alpha=alpha, seed=seed)


def _unknown_words(window: Window, alpha: float, seed: int) -> Compared:
    shares = [_unknown(item, window.known) for item in window.items]
    return compare_values(shares, window.days, alpha=alpha, seed=seed)


def _vectors(window: Window, alpha: float, seed: int) -> Compared:
    items, days = _encoded(window)
    return compare_vectors(np.stack([unpack(item.vector or b"") for item in items]), days, alpha=alpha, seed=seed)


def _tags(window: Window, alpha: float, seed: int) -> Compared:
    items, days = _judged(window)
    return compare_kinds([item.likely_tag_id or "none" for item in items], days, alpha=alpha, seed=seed)


def _confidence(window: Window, alpha: float, seed: int) -> Compared:
    items, days = _judged(window)
    return compare_values([item.confidence or 0.0 for item in items], days, alpha=alpha, seed=seed)


MEASURES: dict[str, Callable[[Window, float, int], Compared]] = {
    "length": _length,
    "language": _language,
    "unknown words": _unknown_words,
    "vectors": _vectors,
    "tags": _tags,
    "confidence": _confidence,
}
