"""The queue: open tasks, take people's labels, undo them."""

from django.db import transaction
from django.utils import timezone

from winnow.core.errors import ConflictError
from winnow.models import Account, Event, Item, Label, Report, ReviewTask, Tag
from winnow.services import publish
from winnow.services.log import record_event

NOT_ML = "A person said that this is not machine learning."


def open_task(*, item: Item, reason: ReviewTask.Reason, priority: float = 0.0) -> ReviewTask:
    """The open task of this Item for this reason, its priority raised to at least `priority`."""
    task, is_new = ReviewTask.objects.get_or_create(
        item=item, reason=reason, closed_at=None, defaults={"priority": priority}
    )
    if not is_new and task.priority < priority:
        task.priority = priority
        task.save(update_fields=["priority"])
    return task


@transaction.atomic
def label_task(*, task: ReviewTask, tag: Tag | None, account: Account, note: str = "") -> Label:
    """Store what a person says of the task's Item, publish it so, and close the work.

    `tag` None says "not machine learning". A task that somebody else closed meanwhile raises ConflictError,
    and the answer is stored all the same, as a further opinion that changes nothing.
    """
    label = Label.objects.create(item=task.item, tag=tag, account=account, task=task, note=note[:500], is_gold=True)
    closed = ReviewTask.objects.filter(pk=task.pk, closed_at=None).update(closed_at=timezone.now())
    record_event(
        "item.labelled", item=task.item, account=account, label=label.pk, tag=tag and tag.slug, counts=bool(closed)
    )
    if closed:
        _apply(task.item, tag, account)
        _close_work(task.item)
    return label


@transaction.atomic
def undo_label(*, label: Label, account: Account) -> Label:
    """Take a label back by a later one: the Item returns to where it was, and its task is open again."""
    if label.account_id != account.pk:
        raise ConflictError("only the person who gave a label can undo it")
    if Label.objects.filter(undoes=label).exists() or label.undoes_id is not None:
        raise ConflictError("this label is undone already")
    if Label.objects.filter(item=label.item, pk__gt=label.pk, undoes=None).exists():
        raise ConflictError("somebody has labelled this item since; change the tag instead")
    later = Label.objects.create(item=label.item, tag=None, account=account, task=label.task, undoes=label)
    change = (
        Event.objects.filter(item=label.item, data__has_key="before", created_at__gte=label.created_at)
        .order_by("id")
        .first()
    )
    if change is not None:
        publish.revert_item(label.item, before=change.data["before"], account=account)
    if label.task is not None:
        ReviewTask.objects.filter(pk=label.task.pk).update(closed_at=None)
    return later


def restore_item(*, item: Item, account: Account) -> ReviewTask:
    """Bring a withheld Item back into the queue, its own work now and no longer the copy of another."""
    with transaction.atomic():
        if not publish.restore_item(item, account=account):
            raise ConflictError("this item is not withheld any more")
        return open_task(item=item, reason=ReviewTask.Reason.RESTORED, priority=1.5)


def _apply(item: Item, tag: Tag | None, account: Account) -> None:
    if tag is None:
        publish.withhold_item(item, reason=Item.Reason.OFF_TOPIC, detail=NOT_ML, account=account)
    else:
        publish.publish_item(item, tag=tag, decided_by=Item.DecidedBy.PERSON, account=account)


def _close_work(item: Item) -> None:
    """One decision answers every open question about the Item, reports among them."""
    now = timezone.now()
    ReviewTask.objects.filter(item=item, closed_at=None).update(closed_at=now)
    Report.objects.filter(item=item, decided_at=None).update(decided_at=now)
