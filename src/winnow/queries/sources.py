"""Sources with what they brought."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from django.db.models import Count, QuerySet

from winnow.core.errors import NotFoundError
from winnow.models import Event, Item, Reading, Source
from winnow.queries.counts import counted

SHOWN_READINGS = 60
SHOWN_EVENTS = 20
MAX_DELAYS = 200
# What stands before the name of a value that is watched.
COURSES = {"fields": "with", "language": "language", "tags": "likely", "duplicates": "", "off_topic": ""}


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """A source and the number of its Items by what became of them."""

    source: Source
    n_published: int
    n_waiting: int
    n_withheld: int

    @property
    def n_items(self) -> int:
        """All that it brought."""
        return self.n_published + self.n_waiting + self.n_withheld


def sources_with_figures() -> list[SourceFigures]:
    """All sources, those in use first, in two queries whatever their number."""
    rows = Item.objects.values_list("source", "state").annotate(n=Count("pk")).order_by()
    counts = counted("sources", lambda: {(source, str(state)): n for source, state, n in rows})
    return [_figures(source, counts) for source in Source.objects.order_by("-is_active", "name")]


def source_of(name: str) -> Source:
    """One source by its name. Raises NotFoundError."""
    source = Source.objects.filter(name=name).first() if name.isprintable() else None
    if source is None:
        raise NotFoundError(f"there is no source named {name!r}; `winnow sources list` names them")
    return source


def due_sources(now: object) -> QuerySet[Source]:
    """Sources in use whose time has come, longest due first."""
    return Source.objects.filter(is_active=True, next_fetch_at__lte=now).order_by("next_fetch_at")


@dataclass(frozen=True, slots=True)
class Course:
    """One thing that is watched, reading by reading, oldest first; `values` are what a picture is drawn of."""

    name: str
    values: list[float]
    latest: str
    usual: str


@dataclass(frozen=True, slots=True)
class History:
    """What the readings of a source tell: the course of each expectation, and the delay from its dates to the page."""

    courses: list[Course]
    n_readings: int
    delay: float | None
    n_delays: int
    events: list[Event]


def history_of(source: Source) -> History:
    """The last readings of a source, in few queries."""
    readings = list(reversed(source.readings.order_by("-pk")[:SHOWN_READINGS]))
    delays = _delays(source)
    kinds = ("source.added", "source.trusted", "source.on_probation", "source.moved", "source.switched_on")
    events = Event.objects.filter(kind__in=kinds, data__source=source.name).select_related("account").order_by("-pk")
    return History(
        [*_volume(readings), *_shares(readings)],
        len(readings),
        median(delays) if delays else None,
        len(delays),
        list(events[:SHOWN_EVENTS]),
    )


def _delays(source: Source) -> list[float]:
    """Seconds from a work's own date to its page, of what has come in since the first reading: that one brought what was old."""
    first = source.readings.order_by("pk").values_list("read_at", flat=True).first()
    if first is None:
        return []
    shown = Item.objects.filter(source=source, published_at__isnull=False, admitted_at__gt=first).order_by("-pk")
    return [
        (at - dated).total_seconds()
        for at, dated in shown.values_list("published_at", "dated_at")[:MAX_DELAYS]
        if at is not None
    ]


def _volume(readings: Sequence[Reading]) -> list[Course]:
    if not readings:
        return []
    values = [float(reading.n_new) for reading in readings]
    return [Course("new entries in a reading", values, f"{values[-1]:.0f}", f"{median(values):.0f}")]


def _shares(readings: Sequence[Reading]) -> Iterator[Course]:
    names = sorted({(kind, name) for one in readings for kind, counts in one.counts.items() for name in counts})
    for kind, name in names:
        told = [one for one in readings if kind in one.counts and one.n_new]
        values = [one.counts[kind].get(name, 0) / one.n_new for one in told]
        total = sum(one.n_new for one in told)
        usual = sum(one.counts[kind].get(name, 0) for one in told) / total if total else 0.0
        label = f"{COURSES.get(kind, kind)} {name.replace('_', ' ')}".strip()
        yield Course(label, values, f"{values[-1]:.0%}" if values else "", f"{usual:.0%}")


def _figures(source: Source, counts: dict[tuple[int, str], int]) -> SourceFigures:
    def n(*states: Item.State) -> int:
        return sum(counts.get((source.pk, state), 0) for state in states)

    return SourceFigures(
        source,
        n_published=n(Item.State.PUBLISHED),
        n_waiting=n(Item.State.IN_REVIEW, Item.State.ADMITTED),
        n_withheld=n(Item.State.DUPLICATE, Item.State.REJECTED),
    )
