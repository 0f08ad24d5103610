"""The queue: open tasks, take people's labels, undo them."""

import secrets

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from winnow.core.errors import ConflictError
from winnow.core.text import clean
from winnow.models import Account, Apart, Event, Item, Label, ReviewTask, Tag
from winnow.services import publish
from winnow.services.answer import answer_reports, reopen_reports
from winnow.services.budget import spend
from winnow.services.guidelines import guideline_of
from winnow.services.log import record_event

Reason = ReviewTask.Reason
TAKEN_DOWN = "It was taken down on request."
NOT_ML = "A person said that this is not machine learning."


# What nobody may be led in: to be told from other tasks neither by what is shown nor by how it looks.
BLIND = frozenset({Reason.AUDIT, Reason.GUIDELINE, Reason.GOLD})
# Of these a part is blind too, drawn at random: so that the blind ones are like others, and to see what showing does.
HALF_BLIND = frozenset({Reason.LOW_CONFIDENCE, Reason.RARE_TAG, Reason.DRIFT})
# So many people who cannot tell hand a task on to those who write the guidelines.
MANY_UNSURE = 2


def open_task(
    *, item: Item, reason: ReviewTask.Reason, priority: float = 0.0, is_blind: bool | None = None
) -> ReviewTask:
    """The open task of this Item for this reason, its priority raised to at least `priority`.

    Whether it is blind is a matter of its reason unless it is said.
    """
    task, is_new = ReviewTask.objects.get_or_create(
        item=item,
        reason=reason,
        closed_at=None,
        for_account=None,
        defaults={
            "priority": priority,
            "is_blind": _is_blind(reason) if is_blind is None else is_blind,
            "n_wanted": _n_wanted(reason),
        },
    )
    if not is_new and ReviewTask.objects.filter(pk=task.pk, priority__lt=priority).update(priority=priority):
        task.refresh_from_db()
    return task


def _is_blind(reason: str) -> bool:
    return reason in BLIND or (reason in HALF_BLIND and secrets.randbelow(100) < settings.REVIEW_BLIND)


def _n_wanted(reason: str) -> int:
    """Two people are asked for a part of what one could answer, so that it is seen how far they agree."""
    overlaps = reason in BLIND | HALF_BLIND and reason != Reason.GOLD
    return 2 if overlaps and secrets.randbelow(100) < settings.REVIEW_OVERLAP else 1


@transaction.atomic
def label_task(  # noqa: PLR0913 - each is one thing that a person may say of a task
    *,
    task: ReviewTask,
    tag: Tag | None,
    account: Account,
    note: str = "",
    copy_of: Item | None = None,
    token: int | None = None,
    key: str = "",
    is_unsure: bool = False,
    removes: bool = False,
) -> Label:
    """Store what a person says of the task's Item; the first answer decides, and closes the task once enough are in.

    `tag` None says "not machine learning", with `copy_of` that it is that other Item, with `is_unsure` nothing at all,
    and with `removes` that it is to be taken down.
    `token` is that of the claim: where another has claimed the task since, or it is closed, the answer is kept as a
    further opinion that changes nothing: its `is_gold` is false. With the same `key` it is the same label.
    Raises ConflictError where this person has answered already.
    """
    _hold(task.item, copy_of)
    if key and (known := Label.objects.filter(account=account, key=key).first()) is not None:
        return known
    is_first, is_held = _is_first(task, account), _is_open(task, token)
    counts = is_held and is_first and not is_unsure and task.reason != Reason.GOLD
    label = Label.objects.create(
        item=task.item,
        tag=tag,
        account=account,
        task=task,
        note=clean(note, 500),
        is_gold=counts,
        copy_of=copy_of,
        guideline=guideline_of(tag) if tag is not None else None,
        saw_prediction=not task.is_blind,
        is_unsure=is_unsure,
        removes=removes,
        key=key,
    )
    record_event("item.labelled", item=task.item, account=account, label=label.pk, tag=tag and tag.slug, counts=counts)
    _follow_up(task, label, account, is_first=is_first, is_held=is_held)
    return label


def _follow_up(task: ReviewTask, label: Label, account: Account, *, is_first: bool, is_held: bool) -> None:
    """What an answer brings about: what counts decides and spends, a later one that differs asks on, and the task is freed."""
    if label.is_gold:
        _apply(label, account)
        close_work(task.item, beside=task)
    elif not label.is_unsure and not is_first:
        _settle_difference(task, label)
    if is_held:
        _let_go(task)
    if label.is_gold:
        spend(label)


def _is_first(task: ReviewTask, account: Account) -> bool:
    """Whether nobody has decided yet. Raises ConflictError where this person has answered."""
    standing = task.labels.filter(undoes=None, undone_by=None)
    if standing.filter(account=account).exists():
        raise ConflictError("you have answered this already")
    return not standing.filter(is_gold=True).exists()


def _is_open(task: ReviewTask, token: int | None) -> bool:
    """Whether an answer still counts: the task is open, and nobody has claimed it since. Others wait here."""
    mine = ReviewTask.objects.select_for_update(no_key=True).filter(pk=task.pk, closed_at=None)
    return mine.filter(token=token).exists() if token is not None else mine.exists()


def _let_go(task: ReviewTask) -> None:
    """Close it once as many have answered as were asked for; hand on what too many could not tell; else free it."""
    standing = task.labels.filter(undoes=None, undone_by=None)
    n_unsure = standing.filter(is_unsure=True).count()
    is_handed_on = n_unsure >= MANY_UNSURE and not _settles(task)
    is_done = standing.filter(is_unsure=False).count() >= task.n_wanted
    changes = {"closed_at": timezone.now()} if is_done or is_handed_on else {}
    ReviewTask.objects.filter(pk=task.pk).update(holder=None, lease_until=None, **changes)
    task.refresh_from_db(fields=["closed_at", "holder", "lease_until"])
    if is_handed_on and not is_done:
        open_task(item=task.item, reason=Reason.DISAGREEMENT, priority=task.priority)


def _settles(task: ReviewTask) -> bool:
    """Whether it asks somebody who writes the guidelines, because people disagreed; where models do, it is blind."""
    return task.reason == Reason.DISAGREEMENT and not task.is_blind


def _settle_difference(task: ReviewTask, label: Label) -> None:
    """An opinion that differs from what was decided asks somebody who writes the guidelines."""
    if task.reason == Reason.GOLD or _settles(task):
        return
    decided = task.labels.filter(is_gold=True, undoes=None, undone_by=None).order_by("pk").first()
    if decided is not None and (decided.tag_id, decided.copy_of_id) != (label.tag_id, label.copy_of_id):
        open_task(item=task.item, reason=Reason.DISAGREEMENT, priority=1.0)


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
        reopen_reports(label)
    task = label.task
    if task is not None and not ReviewTask.objects.filter(item=label.item, reason=task.reason, closed_at=None).exists():
        ReviewTask.objects.filter(pk=task.pk).update(closed_at=None)


def restore_item(*, item: Item, account: Account) -> ReviewTask:
    """Bring a withheld Item back into the queue, its own work now and never again the copy of what it was said to copy.

    One that waits because its source is on probation goes before the rest, as any other would. That is a Label too: a
    person says that it was withheld wrongly. Raises ConflictError where it is not withheld.
    """
    reason = item.reason or Reason.PROBATION
    with transaction.atomic():
        face = item.duplicate_of
        if face is not None:
            tell_apart(item, face, account=account)
        if not (_end_probation(item) or publish.restore_item(item, account=account)):
            raise ConflictError("this item is not withheld any more")
        task = open_task(item=item, reason=Reason.RESTORED, priority=1.5)
        Label.objects.create(item=item, account=account, restores=True, note=f"withheld as {reason}")
        return task


def _end_probation(item: Item) -> bool:
    """Whether the Item waited for no other reason than where it came from; it does not any more."""
    held = ReviewTask.objects.filter(item=item, reason=Reason.PROBATION, closed_at=None)
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
    return open_task(item=item, reason=Reason.DUPLICATE_PAIR, priority=1.0)


def are_apart(item: Item, other: Item) -> bool:
    """Whether a person said that these are two works."""
    low, high = sorted((item.pk, other.pk))
    return Apart.objects.filter(item_id=low, other_id=high).exists()


def _apply(label: Label, account: Account) -> None:
    if label.removes:
        publish.remove_item(label.item, account=account, reason=label.note or TAKEN_DOWN)
    elif label.copy_of is not None:
        publish.mark_copy(label.item, face=label.copy_of, account=account)
    elif label.tag is not None:
        if (
            label.item.state in publish.WITHHELD
        ):  # an audit of what is withheld found a good work, or its author appealed
            publish.restore_item(label.item, account=account)
        if label.task and label.task.reason == Reason.DUPLICATE_PAIR and label.item.resembles:
            tell_apart(label.item, label.item.resembles, account=account)
        publish.publish_item(label.item, tag=label.tag, decided_by=Item.DecidedBy.PERSON, account=account)
    else:
        publish.withhold_item(label.item, reason=Item.Reason.OFF_TOPIC, detail=NOT_ML, account=account)


def close_work(item: Item, *, beside: ReviewTask | None = None) -> None:
    """One decision answers every open question about the Item, reports among them.

    But for what measures people: a hidden gold item, and the task itself, of which more than one may be asked.
    """
    now = timezone.now()
    others = ReviewTask.objects.filter(item=item, closed_at=None).exclude(reason=Reason.GOLD)
    if beside is not None:
        others = others.exclude(pk=beside.pk)
    others.update(closed_at=now)
    answer_reports(item)
