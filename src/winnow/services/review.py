"""The queue: open tasks, take people's labels, undo them."""

from django.db import transaction
from django.utils import timezone

from winnow.core.errors import ConflictError
from winnow.core.text import clean
from winnow.models import Account, Apart, Event, Item, Label, Report, ReviewTask, Tag
from winnow.services import publish
from winnow.services.log import record_event

NOT_ML = "A person said that this is not machine learning."


def open_task(*, item: Item, reason: ReviewTask.Reason, priority: float = 0.0) -> ReviewTask:
    """The open task of this Item for this reason, its priority raised to at least `priority`."""
    task, is_new = ReviewTask.objects.get_or_create(
        item=item, reason=reason, closed_at=None, defaults={"priority": priority}
    )
    if not is_new and ReviewTask.objects.filter(pk=task.pk, priority__lt=priority).update(priority=priority):
        task.refresh_from_db()
    return task


@transaction.atomic
def label_task(
    *, task: ReviewTask, tag: Tag | None, account: Account, note: str = "", copy_of: Item | None = None
) -> Label:
    """Store what a person says of the task's Item, publish it so, and close the work.

    `tag` None says "not machine learning", or, with `copy_of`, that it is that other Item. Where somebody else closed the task meanwhile the answer is kept as a
    further opinion that changes nothing: its `is_gold` is false.
    """
    _hold(task.item, copy_of)
    counts = bool(ReviewTask.objects.filter(pk=task.pk, closed_at=None).update(closed_at=timezone.now()))
    label = Label.objects.create(
        item=task.item, tag=tag, account=account, task=task, note=clean(note, 500), is_gold=counts, copy_of=copy_of
    )
    record_event("item.labelled", item=task.item, account=account, label=label.pk, tag=tag and tag.slug, counts=counts)
    if counts:
        _apply(label, account)
        _close_work(task.item)
    return label


@transaction.atomic
def undo_label(*, label: Label, account: Account) -> Label:
    """Take a label back by a later one: the Item returns to where it was, and its task is open again.

    Raises ConflictError where the label is another's, is undone already, or others have decided since.
    """
    _hold(label.item)
    if label.account_id != account.pk:
        raise ConflictError("only the person who gave a label can undo it")
    if label.undoes_id is not None or Label.objects.filter(undoes=label).exists():
        raise ConflictError("this label is undone already")
    if label.is_gold and Label.objects.filter(item=label.item, pk__gt=label.pk, is_gold=True).exists():
        raise ConflictError("somebody has decided about this item since; change the tag instead")
    later = Label.objects.create(item=label.item, tag=None, account=account, task=label.task, undoes=label)
    if label.is_gold:
        _revert(label, account)
    return later


def _hold(*items: Item | None) -> None:
    """One answer at a time about these Items: another about the same ones waits here, and finds what was decided.

    Always in the same order, so that no two wait for each other.
    """
    held = [item.pk for item in items if item is not None]
    list(Item.objects.select_for_update(no_key=True).filter(pk__in=held).order_by("pk").values_list("pk"))


def _revert(label: Label, account: Account) -> None:
    """Put the Item back as the label found it, and ask again, unless the same is being asked already."""
    since = Event.objects.filter(item=label.item, data__has_key="before", created_at__gte=label.created_at)
    change = since.order_by("pk").first()
    if change is not None:
        publish.revert_item(label.item, before=change.data["before"], account=account)
    task = label.task
    if task is not None and not ReviewTask.objects.filter(item=label.item, reason=task.reason, closed_at=None).exists():
        ReviewTask.objects.filter(pk=task.pk).update(closed_at=None)


def restore_item(*, item: Item, account: Account) -> ReviewTask:
    """Bring a withheld Item back into the queue, its own work now and never again the copy of what it was said to copy.

    One that waits because its source is on probation goes before the rest, as any other would. That is a Label too: a
    person says that it was withheld wrongly. Raises ConflictError where it is not withheld.
    """
    reason = item.reason or ReviewTask.Reason.PROBATION
    with transaction.atomic():
        face = item.duplicate_of
        if face is not None:
            tell_apart(item, face, account=account)
        if not (_end_probation(item) or publish.restore_item(item, account=account)):
            raise ConflictError("this item is not withheld any more")
        task = open_task(item=item, reason=ReviewTask.Reason.RESTORED, priority=1.5)
        Label.objects.create(item=item, account=account, restores=True, note=f"withheld as {reason}")
        return task


def _end_probation(item: Item) -> bool:
    """Whether the Item waited for no other reason than where it came from; it does not any more."""
    held = ReviewTask.objects.filter(item=item, reason=ReviewTask.Reason.PROBATION, closed_at=None)
    return item.state == Item.State.IN_REVIEW and bool(held.update(closed_at=timezone.now()))


def tell_apart(item: Item, other: Item, *, account: Account) -> None:
    """Remember that two Items are two works, so that nothing merges or proposes them again."""
    low, high = sorted((item, other), key=lambda one: one.pk)
    if low.pk != high.pk:
        Apart.objects.get_or_create(item=low, other=high, defaults={"account": account})


def propose_copy(*, item: Item, face: Item, evidence: str) -> ReviewTask | None:
    """Ask a person whether two Items are one work; None where one has said already that they are not."""
    if are_apart(item, face) or face.pk == item.pk:
        return None
    item.resembles = face
    item.save(update_fields=["resembles"])
    record_event("item.resembles", item=item, face=face.pk, detail=evidence)
    return open_task(item=item, reason=ReviewTask.Reason.DUPLICATE_PAIR, priority=1.0)


def are_apart(item: Item, other: Item) -> bool:
    """Whether a person said that these are two works."""
    low, high = sorted((item.pk, other.pk))
    return Apart.objects.filter(item_id=low, other_id=high).exists()


def _apply(label: Label, account: Account) -> None:
    if label.copy_of is not None:
        publish.mark_copy(label.item, face=label.copy_of, account=account)
    elif label.tag is not None:
        if label.item.state == Item.State.REJECTED:  # an audit of what is withheld found a good work
            publish.restore_item(label.item, account=account)
        if label.task and label.task.reason == ReviewTask.Reason.DUPLICATE_PAIR and label.item.resembles:
            tell_apart(label.item, label.item.resembles, account=account)
        publish.publish_item(label.item, tag=label.tag, decided_by=Item.DecidedBy.PERSON, account=account)
    else:
        publish.withhold_item(label.item, reason=Item.Reason.OFF_TOPIC, detail=NOT_ML, account=account)


def _close_work(item: Item) -> None:
    """One decision answers every open question about the Item, reports among them."""
    now = timezone.now()
    ReviewTask.objects.filter(item=item, closed_at=None).update(closed_at=now)
    Report.objects.filter(item=item, decided_at=None).update(decided_at=now)
