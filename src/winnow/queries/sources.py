"""Sources with what they brought."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from winnow.core.errors import NotFoundError
from winnow.models import Item, Source


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
    counts: dict[tuple[int, str], int] = {}
    for source_id, state, n in Item.objects.values_list("source", "state").annotate(n=Count("pk")).order_by():
        counts[source_id, state] = n
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


def _figures(source: Source, counts: dict[tuple[int, str], int]) -> SourceFigures:
    def n(*states: Item.State) -> int:
        return sum(counts.get((source.pk, state), 0) for state in states)

    return SourceFigures(
        source,
        n_published=n(Item.State.PUBLISHED),
        n_waiting=n(Item.State.IN_REVIEW, Item.State.ADMITTED),
        n_withheld=n(Item.State.DUPLICATE, Item.State.REJECTED),
    )
