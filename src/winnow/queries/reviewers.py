"""How well reviewers do on works whose tag is known, hidden among their tasks."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet

from winnow.core.intervals import clopper_pearson
from winnow.core.values import Interval
from winnow.models import Account, Label, ReviewTask, Role

# Of the newest so many answers; older ones are forgotten, so that everybody is judged again.
NEWEST = 30
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
    """The share of hidden gold that an account got right, with its exact 95 % interval."""

    account_id: int
    right: Interval

    @property
    def standing(self) -> Standing:
        """Struck where the whole interval is below the line; proved by enough answers at or above it."""
        if self.right.n and self.right.high < LINE:
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
    said = defaultdict[int, list[bool]](list)
    asked = ReviewTask.objects.filter(reason=ReviewTask.Reason.GOLD, for_account__in=accounts)
    answers = Label.objects.filter(task__in=asked, is_unsure=False, undoes=None, undone_by=None)
    truth = _truth(set(answers.values_list("item_id", flat=True)))
    for account, item, tag in answers.order_by("-pk").values_list("account_id", "item_id", "tag_id"):
        if account is not None and item in truth and len(said[account]) < NEWEST:
            said[account].append(tag == truth[item])
    return {pk: Reviewer(pk, _share(said.get(pk, []))) for pk in accounts.values_list("pk", flat=True)}


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
    return clopper_pearson(sum(right), len(right)) if right else Interval(0.0, 0.0, 1.0, 0)
