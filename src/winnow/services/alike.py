"""One answer for a work and for those that wait because they look like it."""

from collections.abc import Collection

from django.db import transaction

from winnow.models import Account, Label
from winnow.queries.review import alike_waiting
from winnow.services.review import label_task


@transaction.atomic
def confirm_alike(label: Label, *, among: Collection[int], account: Account) -> list[Label]:
    """Say of the Items `among` those that may be copies of the labelled one that they are; the labels, each with its own undo.

    Where the answer was "not machine learning" they are not either. An answer that decided nothing says nothing of them.
    """
    if label.task is None or not label.is_gold or label.removes:
        return []
    face = label.copy_of or (label.item if label.tag_id else None)
    waiting = [task for task in alike_waiting(label.task, account) if task.item_id in among]
    return [label_task(task=task, tag=None, copy_of=face, account=account, note=label.note) for task in waiting]
