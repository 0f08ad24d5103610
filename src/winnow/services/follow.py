"""What people said of an Item follows it when it becomes a copy, and comes back when it is none any more.

A row that follows has `item`, `origin` (the Item it was given to, while it is with another), a kind, and a field that
names whose voice it is; each voice counts once for a work, and the face's own comes first.
"""

from typing import Any

from django.db.models import QuerySet

from winnow.models import Item, Mark, Report

# What a row says: no two open ones of an Item may say the same.
SAYS = {Report: ("kind", "reporter"), Mark: ("kind", "voice")}


def carry_feedback(copy: Item, face: Item) -> int:
    """Move what was said of the copy to its face, and return how much that was. What the face has already stays behind."""
    return sum(_carry(kind, copy, face) for kind in SAYS)


def return_feedback(copy: Item) -> int:
    """Take back from the face what was said of the copy, and return how much that was."""
    return sum(_return(kind, copy) for kind in SAYS)


def _carry(kind: Any, copy: Item, face: Item) -> int:
    moving = _unheard(kind, kind.objects.filter(item=copy), face)
    moving.filter(origin=None).update(origin=copy)
    return moving.update(item=face)


def _return(kind: Any, copy: Item) -> int:
    return _unheard(kind, kind.objects.filter(origin=copy), copy).update(item=copy, origin=None)


def _unheard(kind: Any, said: QuerySet[Any], at: Item) -> QuerySet[Any]:
    """Those of the rows that say what nobody says of the Item `at`; what is decided stands in nobody's way."""
    heard = {_says(row) for row in kind.objects.filter(item=at) if _is_open(row)}
    new = [row.pk for row in said if not _is_open(row) or _says(row) not in heard]
    rows: QuerySet[Any] = kind.objects.filter(pk__in=new)
    return rows


def _says(row: Report | Mark) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in SAYS[type(row)])


def _is_open(row: Report | Mark) -> bool:
    return isinstance(row, Mark) or row.decided_at is None
