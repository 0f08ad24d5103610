"""What an account keeps as a reader."""

from collections.abc import Iterable

from winnow.core.readers import KINDS, Reader
from winnow.models import Account, FollowedTag, Item, Mark, ReaderState

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


def faces_of(pks: Iterable[int]) -> dict[int, int]:
    """Of Items by number, the Item that stands for each now, in the order asked for; what is gone is left out."""
    wanted = list(pks)
    rows = Item.objects.filter(pk__in=wanted).exclude(state=Item.State.REMOVED).values_list("pk", "duplicate_of")
    found = {pk: face or pk for pk, face in rows}
    return {pk: found[pk] for pk in wanted if pk in found}
