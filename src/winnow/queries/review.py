"""The queue as a reviewer sees it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from winnow.core.errors import NotFoundError
from winnow.models import Account, Item, Label, Report, ReviewTask

MAX_REPORTS = 5


@dataclass(frozen=True, slots=True)
class Queue:
    """How much is left, and what this reviewer did last."""

    n_open: int
    n_done_today: int
    last_label: Label | None


def open_tasks(account: Account) -> QuerySet[ReviewTask]:
    """Tasks that this account may answer, most pressing first; nobody judges their own submission."""
    tasks = ReviewTask.objects.filter(closed_at=None).exclude(item__submitted_by=account)
    return tasks.select_related("item", "item__likely_tag", "item__tag", "item__source", "item__resembles").order_by(
        "-priority", "pk"
    )


def next_task(account: Account, *, skipped: list[int]) -> ReviewTask | None:
    """The next task that was not skipped; when all were, the first again."""
    tasks = open_tasks(account)
    return tasks.exclude(pk__in=skipped).first() or tasks.first()


def queue_of(account: Account, since: object) -> Queue:
    """The state of the queue for the head of the page; `since` is where today begins."""
    mine = Label.objects.filter(account=account).select_related("item", "tag")
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    live = mine.filter(undoes=None).exclude(is_undone)
    return Queue(
        n_open=open_tasks(account).count(),
        n_done_today=live.filter(created_at__gte=since).count(),
        last_label=live.order_by("-pk").first(),
    )


def task_of(pk: int, account: Account) -> ReviewTask:
    """One task that this account may answer, open or closed. Raises NotFoundError."""
    tasks = ReviewTask.objects.exclude(item__submitted_by=account)
    task = (
        tasks.select_related("item", "item__likely_tag", "item__tag", "item__source", "item__resembles")
        .filter(pk=pk)
        .first()
    )
    if task is None:
        raise NotFoundError("there is no such task for you")
    return task


def label_of(pk: int, account: Account) -> Label:
    """One label that this account gave. Raises NotFoundError."""
    label = Label.objects.filter(account=account, pk=pk).select_related("item", "task").first()
    if label is None:
        raise NotFoundError("there is no such answer of yours")
    return label


def open_reports(item: Item) -> QuerySet[Report]:
    """The newest few undecided reports of an Item, with the tags that they propose."""
    return item.reports.filter(decided_at=None).select_related("tag").order_by("-pk")[:MAX_REPORTS]
