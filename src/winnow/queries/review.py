"""The queue as a reviewer sees it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from winnow.models import Account, Label, ReviewTask


@dataclass(frozen=True, slots=True)
class Queue:
    """How much is left, and what this reviewer did last."""

    n_open: int
    n_done_today: int
    last_label: Label | None


def open_tasks(account: Account) -> QuerySet[ReviewTask]:
    """Tasks that this account may answer, most pressing first; nobody judges their own submission."""
    tasks = ReviewTask.objects.filter(closed_at=None).exclude(item__submitted_by=account)
    return tasks.select_related("item", "item__likely_tag", "item__tag", "item__source").order_by("-priority", "pk")


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
