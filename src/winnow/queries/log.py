"""The public log."""

from winnow.models import Event
from winnow.queries.cursors import Page, page_of

PER_PAGE = 50


def public_events(*, after: str = "", limit: int = PER_PAGE) -> Page[Event]:
    """A page of what concerns content, newest first. Raises InputError for a bad cursor."""
    shown = (
        Event.objects.filter(is_public=True)
        .select_related("item", "account")
        .defer("item__vector", "item__description")
    )
    return page_of(shown, by="id", after=after, limit=limit)
