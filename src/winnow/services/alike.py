"""One answer for a work and for those that wait because they look like it."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from winnow.models import Account, Label, ReviewTask
from winnow.queries.review import alike_waiting
from winnow.services.review import label_task


@transaction.atomic
def label_with_alike(*, task: ReviewTask, account: Account, alike: Collection[int], **said: Any) -> Label:
    """Take an answer (`label_task` says what may be `said`), and what it says of the works `alike`, all or nothing.

    Of these each that may be a copy becomes one, by a label with its own undo; where the answer was "not machine
    learning" it is not either. An answer that decided nothing says nothing of others. Raises ConflictError.
    """
    label = label_task(task=task, account=account, **said)
    if not alike or not label.is_gold or label.removes:
        return label
    face = label.copy_of or (label.item if label.tag_id else None)
    for other in list(alike_waiting(task, account)):
        if other.item_id in alike and other.item != face:
            label_task(task=other, tag=None, copy_of=face, account=account, note=label.note)
    return label
