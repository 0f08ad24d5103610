"""What came to the site within a time."""

from collections.abc import Collection, Iterable
from datetime import datetime

from winnow.models import Item, Tag

DEPTH = 30


def best_between(
    tags: Iterable[Tag], *, since: datetime, until: datetime, hidden: Collection[int] = ()
) -> dict[str, list[tuple[int, int | None]]]:
    """The DEPTH best of each tag by its slug, as (number, source), best first, of what was published here in that time."""
    came = Item.objects.filter(state=Item.State.PUBLISHED, published_at__gt=since, published_at__lte=until)
    ranked = came.exclude(pk__in=hidden).order_by("-score", "-published_at", "-pk").values_list("pk", "source_id")
    return {tag.slug: list(ranked.filter(tag=tag)[:DEPTH]) for tag in tags}
