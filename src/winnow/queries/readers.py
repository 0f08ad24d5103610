"""What an account keeps as a reader."""

from collections.abc import Iterable

from winnow.core.readers import KINDS, Reader
from winnow.models import Account, FollowedTag, Item, Mark, ReaderState
from winnow.queries.cursors import Page, page_of
from winnow.queries.items import PER_PAGE, shown_items

# Older marks still stand, but pages of today do not ask for them.
NEWEST = 1000


def reader_of(account: Account) -> Reader:
    """The reader that an account is, in three queries."""
    marks: dict[str, list[int]] = {name: [] for name in KINDS.values()}
    for kind, pk in Mark.objects.filter(account=account).order_by("-pk").values_list("kind", "item_id")[:NEWEST]:
        marks[KINDS[kind]].append(pk)
    state = ReaderState.objects.filter(account=account).first() or ReaderState()
    followed = FollowedTag.objects.filter(account=account).order_by("pk").values_list("tag_id", flat=True)
    return Reader(
        **{name: tuple(pks) for name, pks in marks.items()},
        followed=tuple(followed),
        visited_at=state.visited_at,
        left_at=state.left_at,
        is_learning=state.is_learning,
        is_welcomed=state.is_welcomed,
        news=state.news,
    )


def shows_name(account: Account) -> bool:
    """Whether pages may say who sent in what this account submitted."""
    return ReaderState.objects.filter(account=account, shows_name=True).exists()


def marked_items(account: Account, kind: str, *, after: str = "") -> Page[Item]:
    """A page of what an account marked, newest mark first. Raises InputError for a bad cursor."""
    page = page_of(Mark.objects.filter(account=account, kind=kind), by="created_at", after=after, limit=PER_PAGE)
    return Page(kept_items(mark.item_id for mark in page.rows).rows, page.next)


def kept_items(pks: Iterable[int]) -> Page[Item]:
    """The Items of these numbers in their order, each at its face, on one page; what is gone is left out."""
    faces = list(dict.fromkeys(faces_of(pks).values()))
    found = {item.pk: item for item in shown_items(faces)}
    return Page([found[pk] for pk in faces if pk in found], None)


def faces_of(pks: Iterable[int]) -> dict[int, int]:
    """Of Items by number, the Item that stands for each now, in the order asked for; what is gone is left out."""
    wanted = list(pks)
    rows = Item.objects.filter(pk__in=wanted).exclude(state=Item.State.REMOVED).values_list("pk", "duplicate_of")
    found = {pk: face or pk for pk, face in rows}
    return {pk: found[pk] for pk in wanted if pk in found}
