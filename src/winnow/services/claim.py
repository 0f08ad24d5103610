"""Who works on which task: claimed in one statement, under a lease, with a token that fences off who comes late.

The budget is split between reasons: whichever is furthest behind its share of what was answered lately has its turn, and
within it the most pressing task. A lease is short and kept alive while its holder lives, so that what a closed window or
a killed program held is free again soon. A task whose lease ran out is still its holder's until somebody else claims it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from winnow.core.errors import NotFoundError
from winnow.models import Account, ApiToken, Item, Label, ReviewTask, Role, TaskSkip
from winnow.queries.access import ENGINEERS
from winnow.queries.reviewers import Standing, standing_of

LEASE = timedelta(seconds=15)
# What was left for later comes back after a day.
SKIPPED_FOR = timedelta(hours=20)
# How many answers back the shares are looked at.
LATELY = 36
Reason = ReviewTask.Reason
SHARES: dict[str, int] = {
    Reason.TAKE_DOWN: 6,
    Reason.LOW_CONFIDENCE: 6,
    Reason.APPEAL: 4,
    Reason.AUDIT: 4,
    Reason.REPORTED: 4,
    Reason.RESTORED: 3,
    Reason.EDITED: 3,
    Reason.DUPLICATE_PAIR: 3,
    Reason.RARE_TAG: 3,
    Reason.GOLD: 2,
    Reason.DISAGREEMENT: 2,
    Reason.PROBATION: 2,
    Reason.WITHHELD_AUDIT: 2,
    Reason.LABEL_ERROR: 2,
    Reason.DRIFT: 2,
    Reason.GUIDELINE: 1,
}
# Somebody of whom little is known yet meets so many times as much hidden gold.
UNPROVED = 4
# What reviewers have disagreed about, and what touches other people's rights, is not for everybody who labels.
FOR_ENGINEERS = (Reason.DISAGREEMENT, Reason.APPEAL, Reason.TAKE_DOWN)


@transaction.atomic
def claim_task(account: Account) -> ReviewTask | None:
    """The task that this person holds, or the next one, now theirs; None where nothing waits for them.

    What they skipped comes again only when all else is done.
    """
    pk = _keep_any(account)
    if pk is None:
        turns = list(_turns(account))
        pk = _first(account, turns, skipped=False) or _first(account, turns, skipped=True)
    return None if pk is None else _shown().get(pk=pk)


@transaction.atomic
def claim_this(pk: int, account: Account) -> ReviewTask | None:
    """One task by its number, where it is open, free and for this person; others that they hold are let go."""
    claimed = _claim(_eligible(account).filter(pk=pk), account)
    if claimed is None:
        return None
    ReviewTask.objects.filter(holder=account, closed_at=None).exclude(pk=pk).update(holder=None, lease_until=None)
    return _shown().get(pk=pk)


def keep_claim(pk: int, account: Account) -> bool:
    """Keep a lease alive; False where the task is not theirs any more."""
    held = ReviewTask.objects.filter(pk=pk, holder=account, closed_at=None)
    return bool(held.update(lease_until=timezone.now() + LEASE))


@transaction.atomic
def skip_task(task: ReviewTask, account: Account) -> None:
    """Leave a task for later and for others."""
    TaskSkip.objects.update_or_create(task=task, account=account, defaults={"skipped_at": timezone.now()})
    ReviewTask.objects.filter(pk=task.pk, holder=account).update(holder=None, lease_until=None)


def reviewer_of(token: ApiToken) -> Account:
    """Whose opinion a program gives: its account's, or its own, under a name that nobody can sign in by."""
    if token.account is not None:
        return token.account
    name = f"program {token.name[:50]} ({token.pk})"
    account, _ = Account.objects.get_or_create(name=name, defaults={"role": Role.REVIEWER})
    return account


def task_for(pk: int, account: Account) -> ReviewTask:
    """A task that this account may answer, open or not. Raises NotFoundError."""
    task = _shown().filter(_may_see(account), pk=pk).first()
    if task is None:
        raise NotFoundError("there is no such task for you")
    return task


def _turns(account: Account) -> Iterator[str]:
    """The reasons, the one furthest behind its share first."""
    closed = ReviewTask.objects.filter(closed_at__isnull=False).order_by("-closed_at")
    lately = Counter(closed.values_list("reason", flat=True)[:LATELY])
    weights = {str(reason): weight for reason, weight in (SHARES | settings.REVIEW_SHARES).items() if weight > 0}
    if account.role not in ENGINEERS:
        kept = {Reason.DISAGREEMENT}
        weights = {key: weight for key, weight in weights.items() if key not in FOR_ENGINEERS or key in kept}
    waiting = _waiting(weights)
    # How well somebody is known matters only where there is something to know them by.
    if account.role == Role.REVIEWER and Reason.GOLD in waiting and standing_of(account) is Standing.UNPROVED:
        weights[Reason.GOLD] *= UNPROVED
    due = (lately.total() + 1) / max(sum(weights.values()), 1)
    yield from sorted(waiting, key=lambda reason: lately[reason] - due * weights[reason])


def _waiting(reasons: Iterable[str]) -> list[str]:
    """Those for which anything is open: one look each at the index of open tasks, in one statement."""
    asked = list(reasons)
    if not asked:
        return []
    rows = ", ".join(["(%s)"] * len(asked))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT column1 FROM (VALUES {rows}) AS asked WHERE EXISTS"  # noqa: S608 - as many holes as values
            " (SELECT 1 FROM winnow_reviewtask WHERE closed_at IS NULL AND reason = column1)",
            asked,
        )
        return [str(reason) for (reason,) in cursor.fetchall()]


def _first(account: Account, turns: list[str], *, skipped: bool) -> int | None:
    mine = TaskSkip.objects.filter(task=OuterRef("pk"), account=account, skipped_at__gte=timezone.now() - SKIPPED_FOR)
    tasks = _eligible(account).filter(Exists(mine) if skipped else ~Exists(mine))
    for reason in turns:
        waiting = tasks.filter(reason=reason)
        if reason == Reason.DUPLICATE_PAIR:
            waiting = waiting.exclude(Exists(_heads(account)))
        if (pk := _claim(waiting, account)) is not None:
            return pk
    return None


def _keep_any(account: Account) -> int | None:
    """What this person holds already and nobody has taken over, its lease renewed; an answer has let go of it."""
    # One claim of a person at a time, or each would find that nothing is held.
    list(Account.objects.select_for_update(no_key=True).filter(pk=account.pk).values_list("pk"))
    held = ReviewTask.objects.filter(holder=account, closed_at=None).values_list("pk", flat=True).first()
    return held if held is not None and keep_claim(held, account) else None


def _eligible(account: Account) -> QuerySet[ReviewTask]:
    """Open tasks that this person may take: free or their own, not answered by them."""
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    # Wrapped, lest SQLite takes the index of what hardly any label undoes for the way to the few of a task.
    given = Label.objects.annotate(takes_back=Coalesce("undoes_id", 0)).filter(takes_back=0)
    answered = given.filter(task=OuterRef("pk"), account=account).exclude(is_undone)
    now = timezone.now()
    # A lease that reaches so far was set before the clock was put back.
    has_ended = Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * LEASE)
    is_free = Q(lease_until=None) | has_ended | Q(holder=account)
    return ReviewTask.objects.filter(is_free, _may_see(account), ~Exists(answered), closed_at=None)


def _heads(account: Account) -> QuerySet[ReviewTask]:
    """The undecided works before which this person is not asked whether another is a copy: one answer may do for both.

    Only those that they can decide themselves, lest what they alone could answer waits for nobody; and by number, so that
    no two wait for each other.
    """
    before = ReviewTask.objects.filter(_may_see(account), item=OuterRef("item__resembles"), closed_at=None)
    undecided = before.filter(item__state=Item.State.IN_REVIEW, item__lt=OuterRef("item"))
    return undecided.exclude(Exists(Label.objects.filter(task=OuterRef("pk"), account=account)))


def _may_see(account: Account) -> Q:
    """Nobody judges their own submission, nor takes what is meant for another."""
    mine = Q(for_account=None) | Q(for_account=account)
    others = Q(item__submitted_by=None) | ~Q(item__submitted_by=account)
    # Models that disagree are judged blind, by anybody; people that do, by those who write the guidelines.
    models_disagree = Q(reason=Reason.DISAGREEMENT, is_blind=True)
    allowed = Q() if account.role in ENGINEERS else ~Q(reason__in=FOR_ENGINEERS) | models_disagree
    return mine & others & allowed


def _claim(tasks: QuerySet[ReviewTask], account: Account) -> int | None:
    """Take the first of these in one statement; of two that try at once one gets it, and the other the next."""
    chosen = tasks.order_by("-priority", "pk").values("pk")
    if connection.features.has_select_for_update_skip_locked:
        chosen = chosen.select_for_update(skip_locked=True, of=("self",))
    query, values = chosen[:1].query.sql_with_params()
    until = connection.ops.adapt_datetimefield_value(timezone.now() + LEASE)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE winnow_reviewtask SET token = token + 1, holder_id = %s, lease_until = %s"  # noqa: S608
            f" WHERE id = ({query}) RETURNING id",
            [account.pk, until, *values],
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _shown() -> QuerySet[ReviewTask]:
    shown = ReviewTask.objects.select_related(
        "item", "item__likely_tag", "item__tag", "item__source", "item__resembles"
    )
    return shown.defer("item__vector", "item__resembles__vector")
