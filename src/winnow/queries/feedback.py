"""What became of what people sent in: their submissions, their reports, and how often they are right."""

from datetime import datetime, timedelta

from django.db.models import F

from winnow.core.errors import NotFoundError
from winnow.core.intervals import clopper_pearson
from winnow.core.values import Interval
from winnow.models import Account, Event, Item, Report

SHOWN = 100
DECISIONS = (
    "item.published",
    "item.retagged",
    "item.withheld",
    "item.restored",
    "item.reverted",
    "item.removed",
)
# What is decided while the sender still looks at the answer to the form is no news to them.
AT_ONCE = timedelta(minutes=1)


def submissions_of(account: Account) -> list[Item]:
    """What an account submitted, newest first, whatever became of it."""
    mine = Item.objects.filter(submitted_by=account).select_related("tag", "likely_tag", "duplicate_of")
    return list(mine.defer("vector").order_by("-pk")[:SHOWN])


def submission_of(pk: int, account: Account) -> Item:
    """One work that this account submitted, also where it is withdrawn. Raises NotFoundError."""
    mine = Item.objects.filter(submitted_by=account).select_related("tag", "duplicate_of").defer("vector")
    item = mine.filter(pk=pk).first() if 0 < pk < 2**63 else None
    if item is None:
        raise NotFoundError("there is no such work of yours")
    return item


def reports_of(account: Account) -> list[Report]:
    """What an account reported or asked for, newest first."""
    mine = Report.objects.filter(account=account).select_related("item", "tag", "copy_of").order_by("-pk")
    return list(mine[:SHOWN])


def news_of(account: Account, *, since: datetime | None = None, until: datetime | None = None) -> set[int]:
    """The Items about which somebody else has decided since the account last looked: its own works, and what it reported.

    `since` and `until` narrow it to what was decided between these moments.
    """
    since = max(filter(None, (account.told_at or account.created_at, since)))
    decided = Event.objects.filter(item__submitted_by=account, kind__in=DECISIONS, created_at__gt=since)
    later = decided.filter(created_at__gt=F("item__admitted_at") + AT_ONCE).exclude(account=account)
    answered = Report.objects.filter(account=account, decided_at__gt=since)
    if until is not None:
        later, answered = later.filter(created_at__lte=until), answered.filter(decided_at__lte=until)
    return {*later.values_list("item", flat=True), *answered.values_list("item", flat=True)}


def reliability(reporter: str) -> Interval:
    """The share of decided reports of a voice that were upheld, of the newest SHOWN, with its exact 95 % interval."""
    decided = Report.objects.filter(reporter=reporter, is_upheld__isnull=False).order_by("-pk")
    upheld = list(decided.values_list("is_upheld", flat=True)[:SHOWN])
    return clopper_pearson(sum(map(bool, upheld)), len(upheld)) if upheld else Interval(0.5, 0.0, 1.0, 0)


def weight(reporter: str) -> float:
    """What a voice weighs in the order of the queue, and in nothing else: 1 for a new one, towards 2 or 0 with its record."""
    found = reliability(reporter)
    return 2.0 * (found.value * found.n + 1.0) / (found.n + 2.0)
