"""The approved list with its figures."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from winnow.core.errors import InputError, NotFoundError
from winnow.models import Item, Tag
from winnow.queries.counts import counted


@dataclass(frozen=True, slots=True)
class TagFigures:
    """A tag, how many Items it has on the site, and how many wait that are likeliest its own."""

    tag: Tag
    n_published: int
    n_waiting: int


def approved_tags() -> QuerySet[Tag]:
    """The list in force, in its order."""
    return Tag.objects.filter(is_approved=True)


def ruled_tags() -> list[tuple[Tag, datetime]]:
    """The list in force, each with the day when its guideline came into force."""
    tags = approved_tags().annotate(ruled_at=Max("guidelines__created_at")).exclude(ruled_at=None)
    return [(tag, tag.ruled_at) for tag in tags]


def tags_with_figures() -> list[TagFigures]:
    """The list in force with its figures, in two counting queries whatever its length."""
    published = _counts(Item.State.PUBLISHED, "tag")
    waiting = _counts(Item.State.IN_REVIEW, "likely_tag")
    return [TagFigures(tag, published.get(tag.slug, 0), waiting.get(tag.slug, 0)) for tag in approved_tags()]


def tag_of(slug: str) -> Tag:
    """One tag of the list in force. Raises NotFoundError naming those that exist."""
    tags = {tag.slug: tag for tag in approved_tags()}
    if slug not in tags:
        raise NotFoundError(f"{slug!r} is not an approved tag; approved are {', '.join(tags)}")
    return tags[slug]


def tag_named(slug: str) -> Tag:
    """The tag that somebody named in what they sent. Raises InputError naming those that exist."""
    try:
        return tag_of(slug)
    except NotFoundError as error:
        raise InputError(f"tag: {error}") from error


def _counts(state: Item.State, by: str) -> dict[str, int]:
    rows = Item.objects.filter(state=state).values_list(by).annotate(n=Count("pk")).order_by()
    return counted(f"tags {state} {by}", lambda: dict(rows))
