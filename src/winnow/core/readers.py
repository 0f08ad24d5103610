"""What a reader keeps, with an account or without, and how it changes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

# Who comes back after this pause begins a new visit.
PAUSE = timedelta(minutes=30)
KINDS = {"vote": "voted", "save": "saved", "hide": "hidden", "read": "read"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Numbers of Items, newest first, slugs of followed tags, and how far the reader has seen.

    `visited_at` is the last sign of life, `left_at` the end of the visit before this one; `news` the event told last.
    """

    voted: tuple[int, ...] = ()
    saved: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()
    read: tuple[int, ...] = ()
    followed: tuple[str, ...] = ()
    visited_at: datetime | None = None
    left_at: datetime | None = None
    is_learning: bool = True
    is_welcomed: bool = False
    news: int = 0

    @property
    def is_known(self) -> bool:
        """Whether there is anything to recommend by."""
        return bool(self.saved or self.read or self.followed or self.voted)


def marked(reader: Reader, kind: str, pk: int, *, is_on: bool) -> Reader:
    """The reader with a mark set on an Item (now its newest) or taken back.

    >>> marked(Reader(saved=(1, 2)), "save", 3, is_on=True).saved
    (3, 1, 2)
    """
    name = KINDS[kind]
    others = tuple(other for other in getattr(reader, name) if other != pk)
    changed: dict[str, Any] = {name: (pk, *others) if is_on else others}
    return replace(reader, **changed)


def following(reader: Reader, slug: str, *, is_on: bool) -> Reader:
    """The reader with a tag followed, or not any more."""
    others = tuple(other for other in reader.followed if other != slug)
    return replace(reader, followed=(*others, slug) if is_on else others)


def visiting(reader: Reader, now: datetime) -> Reader:
    """The reader, here at `now`: after a pause what the visit before left off is where the new begins."""
    last = reader.visited_at
    is_back = last is not None and now - last >= PAUSE
    return replace(reader, visited_at=now, left_at=last if is_back else reader.left_at)


def caught_up(reader: Reader, now: datetime) -> Reader:
    """The reader says: seen up to here."""
    return replace(reader, visited_at=now, left_at=now)


def forgotten(reader: Reader) -> Reader:
    """The reader without what recommendations remembered; what was saved, hidden and followed on purpose stays."""
    return replace(reader, read=())
