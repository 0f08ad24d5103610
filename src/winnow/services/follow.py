"""What people said of an Item follows it when it becomes a copy, and comes back when it is none any more.

A model that follows has `item`, `origin` (the Item it was given to, while it is with another) and a field that names
whose voice it is; each voice counts once for a work, and the face's own comes first.
"""

from django.db.models import QuerySet

from winnow.models import Item, Report


def carry_feedback(copy: Item, face: Item) -> int:
    """Move what was said of the copy to its face, and return how much that was. What the face has already stays behind."""
    heard = {(kind, voice) for kind, voice in _open(face).values_list("kind", "reporter")}
    moving = [
        row.pk for row in Report.objects.filter(item=copy) if row.decided_at or (row.kind, row.reporter) not in heard
    ]
    Report.objects.filter(pk__in=moving, origin=None).update(origin=copy)
    return Report.objects.filter(pk__in=moving).update(item=face)


def return_feedback(copy: Item) -> int:
    """Take back from the face what was said of the copy, and return how much that was."""
    heard = {(kind, voice) for kind, voice in _open(copy).values_list("kind", "reporter")}
    away = [
        row.pk for row in Report.objects.filter(origin=copy) if row.decided_at or (row.kind, row.reporter) not in heard
    ]
    return Report.objects.filter(pk__in=away).update(item=copy, origin=None)


def _open(item: Item) -> QuerySet[Report]:
    return Report.objects.filter(item=item, decided_at=None)
