"""Append to the log of who did what."""

from typing import Any

from winnow.models import Account, Event, Item


def record_event(
    kind: str, /, *, account: Account | None = None, item: Item | None = None, is_public: bool = True, **data: Any
) -> Event:
    """Write one Event in the caller's transaction; `data` must be plain JSON."""
    return Event.objects.create(kind=kind, account=account, item=item, data=data, is_public=is_public)
