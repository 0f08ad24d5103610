"""The published Items in parts by their number: no part has to be counted, and none moves while others come."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max

from winnow.models import Item
from winnow.queries.paths import item_path

# A sitemap holds at most 50,000 addresses (sitemaps.org); the lists of the site stand in the first one as well.
PER_PART = 49_000


def n_parts() -> int:
    """How many parts there are, at least one."""
    newest: int = Item.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return newest // PER_PART + 1


def pages_of(part: int) -> Iterator[tuple[str, datetime | None]]:
    """The path of every published Item of a part (the first is 1), and when it was published."""
    first = (part - 1) * PER_PART
    shown = Item.objects.filter(state=Item.State.PUBLISHED, pk__gte=first, pk__lt=first + PER_PART)
    rows = shown.only("pk", "title", "published_at").order_by("pk")
    return ((item_path(item), item.published_at) for item in rows.iterator(chunk_size=2000))
