"""The queue as a reviewer sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from winnow.core.errors import NotFoundError
from winnow.models import Account, Item, Label, Report, ReviewTask

MAX_REPORTS = 5
MAX_ALIKE = 8
# Beyond this many the page says "over": counting a million rows would hold up every answer.
MAX_COUNTED = 1000
MAX_OPINIONS = 20


@dataclass(frozen=True, slots=True)
class Queue:
    """How much is left, and what this reviewer did last."""

    n_open: int
    is_more: bool
    n_done_today: int
    last_label: Label | None


def open_tasks(account: Account) -> QuerySet[ReviewTask]:
    """Tasks that this account may answer; nobody judges their own submission."""
    tasks = ReviewTask.objects.filter(Q(for_account=None) | Q(for_account=account), closed_at=None)
    return tasks.exclude(item__submitted_by=account)


def queue_of(account: Account, since: object) -> Queue:
    """The state of the queue for the head of the page; `since` is where today begins."""
    mine = Label.objects.filter(account=account).select_related("item", "tag")
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    live = mine.filter(undoes=None).exclude(is_undone)
    n_open = open_tasks(account)[: MAX_COUNTED + 1].count()
    return Queue(
        n_open=min(n_open, MAX_COUNTED),
        is_more=n_open > MAX_COUNTED,
        n_done_today=live.filter(created_at__gte=since).count(),
        last_label=live.order_by("-pk").first(),
    )


def label_of(pk: int, account: Account) -> Label:
    """One label that this account gave. Raises NotFoundError."""
    label = Label.objects.filter(account=account, pk=pk).select_related("item", "task").first()
    if label is None:
        raise NotFoundError("there is no such answer of yours")
    return label


def opinions_about(item: Item) -> QuerySet[Label]:
    """What people said of an Item, oldest first: what somebody who settles a disagreement reads."""
    said = Label.objects.filter(item=item, account__isnull=False, undoes=None, undone_by=None, restores=False)
    return said.select_related("tag", "copy_of").order_by("pk")[:MAX_OPINIONS]


def open_reports(item: Item) -> list[Report]:
    """The newest few undecided reports of an Item, with the tags that they propose."""
    undecided = item.reports.filter(decided_at=None).select_related("tag", "copy_of")
    return list(undecided.order_by("-pk")[:MAX_REPORTS])


def faces_named(task: ReviewTask, reports: Sequence[Report]) -> list[Item]:
    """The works that the task's Item may be a copy of, as the platform and these reports say; nothing where it is blind."""
    if task.is_blind:
        return []
    said = [report.copy_of for report in reports if report.copy_of is not None]
    named = [*([task.item.resembles] if task.item.resembles else []), *said]
    others = {face.pk: face for face in named if face.pk != task.item_id and face.state != Item.State.REMOVED}
    return list(others.values())


def alike_waiting(task: ReviewTask, account: Account) -> QuerySet[ReviewTask]:
    """The questions about works that may be copies of this task's Item and wait for its answer, of those this account may answer."""
    asked = ReviewTask.objects.filter(
        item__resembles=task.item_id,
        item__state=Item.State.IN_REVIEW,
        reason=ReviewTask.Reason.DUPLICATE_PAIR,
        closed_at=None,
    )
    theirs = asked.filter(Q(item__submitted_by=None) | ~Q(item__submitted_by=account)).exclude(labels__account=account)
    return theirs.select_related("item").order_by("pk")[:MAX_ALIKE]
