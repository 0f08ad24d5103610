"""Sources with what they brought."""

from django.db.models import Count, Q, QuerySet

from winnow.core.errors import NotFoundError
from winnow.models import Item, Source


def sources_with_counts() -> QuerySet[Source]:
    """All sources, those in use first; each annotated with its numbers of items by outcome."""
    return Source.objects.annotate(
        n_items=Count("items"),
        n_published=Count("items", filter=Q(items__state=Item.State.PUBLISHED)),
        n_waiting=Count("items", filter=Q(items__state=Item.State.IN_REVIEW)),
        n_withheld=Count("items", filter=Q(items__state__in=(Item.State.DUPLICATE, Item.State.REJECTED))),
    ).order_by("-is_active", "name")


def source_of(name: str) -> Source:
    """One source by its name, with its numbers. Raises NotFoundError."""
    source = sources_with_counts().filter(name=name).first()
    if source is None:
        raise NotFoundError(f"there is no source named {name!r}; `winnow sources list` names them")
    return source


def due_sources(now: object) -> QuerySet[Source]:
    """Sources in use whose time has come, longest due first."""
    return Source.objects.filter(is_active=True, next_fetch_at__lte=now).order_by("next_fetch_at")
