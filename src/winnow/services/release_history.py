"""What became of a document: each change that was made on a page, and those that were made in its file beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from winnow.core.documents.difference import Piece, difference
from winnow.core.errors import NotFoundError
from winnow.models import Account, Event
from winnow.services.log import record_event

KIND = "release.text"
LIMIT = 20


@dataclass(frozen=True, slots=True)
class Change:
    """A change: by whom where it was made here, None and no time where it was made outside.

    `of` and `is_before` name the text that it led to, for `text_of`; `of` is 0 where that is the text of today.
    """

    pieces: Sequence[Piece]
    of: int
    is_before: bool = False
    account: Account | None = None
    at: datetime | None = None
    comment: str = ""

    @property
    def is_outside(self) -> bool:
        """Whether it was made in the file, in git for one, and not on a page."""
        return self.at is None


@dataclass(frozen=True, slots=True)
class History:
    """The changes of a document, the newest first; `first` is the Event before which the oldest known text stood."""

    changes: Sequence[Change]
    first: int


def record_change(*, account: Account, path: str, before: str, after: str, comment: str) -> None:
    """Keep a change of a document, in the caller's transaction; `path` is below the project's folder."""
    record_event(KIND, account=account, is_public=False, path=path, before=before, after=after, comment=comment)


def history_of(path: str, *, now: str) -> History:
    """The newest changes of a document whose text is `now`; a change that nobody made here stands between those that were."""
    found = Event.objects.filter(kind=KIND, data__path=path).select_related("account")
    events = list(found.order_by("-pk")[:LIMIT])
    return History(list(_changes(events, now)), events[-1].pk if events else 0)


def _changes(events: Sequence[Event], now: str) -> Iterator[Change]:
    later, of, is_before = now, 0, False
    for event in events:
        before, after = event.data["before"], event.data["after"]
        if after != later:
            yield Change(difference(after, later), of, is_before)
        comment = event.data["comment"]
        yield Change(difference(before, after), event.pk, False, event.account, event.created_at, comment)
        later, of, is_before = before, event.pk, True


def text_of(path: str, pk: int, *, is_before: bool) -> str:
    """The text that a change led to, or that stood before it. Raises NotFoundError for a change of another document."""
    event = Event.objects.filter(kind=KIND, data__path=path, pk=pk).first()
    if event is None:
        raise NotFoundError("this document has no such version")
    text: str = event.data["before" if is_before else "after"]
    return text
