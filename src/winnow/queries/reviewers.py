"""How well reviewers do on works whose tag is known, hidden among their tasks."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from winnow.core.intervals import clopper_pearson
from winnow.core.values import Interval
from winnow.models import Account, Label, ReviewTask, Role

# Of the newest so many answers; older ones are forgotten, so that everybody is judged again.
NEWEST = 30
NOTHING_KNOWN = Interval(0.0, 0.0, 1.0, 0)
# A person who answers faster than this, so many times within a day, does not read.
HURRY_SECONDS = 1.5
HURRIED = 20
# So many answers, so much of them right, prove somebody; shown to be below the line, they weigh nothing.
ENOUGH = 8
LINE = 0.75


class Standing(StrEnum):
    """What is known of a reviewer's answers."""

    UNPROVED = "unproved"
    PROVED = "proved"
    STRUCK = "struck"


@dataclass(frozen=True, slots=True)
class Reviewer:
    """The share of hidden gold that an account got right, with its exact 95 % interval, and that of its worst tag.

    `is_hurried` says that a person labelled faster than anybody reads.
    """

    account_id: int
    right: Interval
    worst: Interval = NOTHING_KNOWN
    is_hurried: bool = False

    @property
    def standing(self) -> Standing:
        """Struck where a whole interval is below the line, of all or of one tag; proved by enough answers at or above it."""
        if self.is_hurried or any(part.n and part.high < LINE for part in (self.right, self.worst)):
            return Standing.STRUCK
        is_proved = self.right.n >= ENOUGH and self.right.value >= LINE
        return Standing.PROVED if is_proved else Standing.UNPROVED


def reviewers() -> dict[int, Reviewer]:
    """Every account that is measured: those who review, and programs; who writes the guidelines is not."""
    return _measured(Account.objects.filter(role=Role.REVIEWER))


def standing_of(account: Account) -> Standing:
    """What is known of one of them."""
    return _measured(Account.objects.filter(pk=account.pk))[account.pk].standing


def _measured(accounts: QuerySet[Account]) -> dict[int, Reviewer]:
    said = defaultdict[int, list[tuple[str | None, bool]]](list)
    asked = ReviewTask.objects.filter(reason=ReviewTask.Reason.GOLD, for_account__in=accounts)
    answers = Label.objects.filter(task__in=asked, is_unsure=False, undoes=None, undone_by=None)
    truth = _truth(set(answers.values_list("item_id", flat=True)))
    for account, item, tag in answers.order_by("-pk").values_list("account_id", "item_id", "tag_id"):
        if account is not None and item in truth and len(said[account]) < NEWEST:
            said[account].append((truth[item], tag == truth[item]))
    hurried = _hurried(accounts)
    return {
        pk: Reviewer(pk, _share([right for _, right in said[pk]]), _worst(said[pk]), pk in hurried)
        for pk in accounts.values_list("pk", flat=True)
    }


def _worst(said: list[tuple[str | None, bool]]) -> Interval:
    """The tag of which least is right, by the upper end: who turns one tag round does well with all others."""
    tags = {tag for tag, _ in said}
    parts = [_share([right for tag, right in said if tag == one]) for one in tags]
    return min(parts, key=lambda part: part.high, default=_share([]))


def _hurried(accounts: QuerySet[Account]) -> set[int]:
    """People, not programs, whose labels of the last day followed one another faster than anybody reads."""
    people = accounts.filter(Q(links__isnull=False) | ~Q(password=""))
    lately = Label.objects.filter(account__in=people, created_at__gte=timezone.now() - timedelta(days=1))
    moments = defaultdict[int, list[datetime]](list)
    for account, at in lately.order_by("pk").values_list("account_id", "created_at"):
        moments[account or 0].append(at)
    return {pk for pk, times in moments.items() if len(times) > HURRIED and _median_gap(times) < HURRY_SECONDS}


def _median_gap(times: list[datetime]) -> float:
    return median((later - earlier).total_seconds() for earlier, later in pairwise(times))


def struck_accounts() -> set[int]:
    """Those whose answers weigh nothing until they are judged again."""
    return {pk for pk, one in reviewers().items() if one.standing is Standing.STRUCK}


def unproved_accounts() -> set[int]:
    """Those of whom not enough is known yet."""
    return {pk for pk, one in reviewers().items() if one.standing is Standing.UNPROVED}


def _truth(item_ids: set[int]) -> dict[int, str | None]:
    """The tag that stands of each Item, by others than through hidden gold."""
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    labels = Label.objects.filter(item_id__in=item_ids, is_gold=True, undoes=None).exclude(is_undone)
    return dict(labels.order_by("pk").values_list("item_id", "tag_id"))


def _share(right: list[bool]) -> Interval:
    return clopper_pearson(sum(right), len(right)) if right else NOTHING_KNOWN
