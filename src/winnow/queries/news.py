"""What is told to readers once: a new release of what sorts the works."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from winnow.models import Event

# The kinds that are news, with what is said and where it leads. Documents of a release join them by one more line.
NEWS = {
    "model.deployed": ("A new model sorts the works: {ref}.", "/models/{ref}"),
    "dataset.frozen": ("A new gold data set, {version}: {n} works whose tag people settled.", "/datasets/{version}"),
}
OLD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class News:
    """One line, where it leads, and the number of its event."""

    pk: int
    words: str
    path: str


def latest_news(*, after: int, now: datetime) -> News | None:
    """The newest of the news with a number above `after`, None where there is none of late."""
    found = Event.objects.filter(kind__in=NEWS, is_public=True, pk__gt=after, created_at__gte=now - OLD)
    event = found.exclude(kind="model.deployed", data__role__in=["challenger", "shadow"]).order_by("-pk").first()
    return _told(event.pk, event.kind, event.data) if event else None


def _told(pk: int, kind: str, data: Mapping[str, Any]) -> News:
    words, path = NEWS[kind]
    return News(pk, words.format(**data), path.format(**data))
