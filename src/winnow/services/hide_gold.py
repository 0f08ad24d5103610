"""Hide works whose tag is known among the tasks of each reviewer, made ahead so that no delay gives them away."""

import random
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from winnow.models import Account, Item, Job, ReviewTask, Role
from winnow.queries.datasets import gold_rows

KIND = "hide_gold"
PAUSE = timedelta(minutes=10)
# Like the tasks that they hide among.
PRIORITIES = (0.1, 0.6)


def is_due() -> bool:
    """Whether somebody lacks some, and it was not just tried: there may be nothing left to hide."""
    if Job.objects.filter(kind=KIND, done_at__gt=timezone.now() - PAUSE).exists():
        return False
    return bool(lacking_gold())


def lacking_gold() -> list[Account]:
    """Reviewers among whose tasks too few are hidden."""
    waiting = Count("own_tasks", filter=Q(own_tasks__reason=ReviewTask.Reason.GOLD, own_tasks__closed_at=None))
    people = Account.objects.filter(role=Role.REVIEWER, is_active=True).annotate(n_hidden=waiting)
    return list(people.filter(n_hidden__lt=settings.HIDDEN_GOLD))


def hide_gold(*, seed: int) -> int:
    """Draw for everybody who lacks some; nobody is asked what they labelled before. Returns how many were hidden."""
    people = lacking_gold()
    gold = gold_rows() if people else []
    generator = random.Random(seed)  # noqa: S311 - a sample is no secret
    return sum(_hide_for(account, [row.item_id for row in gold], generator) for account in people)


def _hide_for(account: Account, gold: list[int], generator: random.Random) -> int:
    known = set(account.labels.values_list("item_id", flat=True)) | set(
        account.own_tasks.values_list("item_id", flat=True)
    )
    known |= set(Item.objects.filter(submitted_by=account).values_list("pk", flat=True))
    pool = [item for item in gold if item not in known]
    n_open = account.own_tasks.filter(reason=ReviewTask.Reason.GOLD, closed_at=None).count()
    drawn = generator.sample(pool, min(len(pool), max(0, settings.HIDDEN_GOLD - n_open)))
    return sum(_hide(account, item, len(drawn) / len(pool), generator.uniform(*PRIORITIES)) for item in drawn)


def _hide(account: Account, item_id: int, probability: float, priority: float) -> bool:
    try:
        with transaction.atomic():
            ReviewTask.objects.create(
                item_id=item_id,
                reason=ReviewTask.Reason.GOLD,
                for_account=account,
                is_blind=True,
                probability=probability,
                priority=priority,
            )
    except IntegrityError:  # another worker hid it
        return False
    return True
