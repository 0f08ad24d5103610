"""What people said of the same Items, each for themselves."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from winnow.models import Label, ReviewTask

NOT_ML, COPY = "not-ml", "copy"


@dataclass(frozen=True, slots=True)
class Opinions:
    """Of one Item: what each account said, by its number, and for which reasons it was asked."""

    item_id: int
    said: Mapping[int, str]
    reasons: frozenset[str]

    @property
    def is_disputed(self) -> bool:
        """Whether they do not all say the same."""
        return len(set(self.said.values())) > 1


def opinions() -> list[Opinions]:
    """Every Item of which at least two people said something on their own, oldest first.

    Whoever settles a disagreement has read what the others said, and is not counted; nor is "cannot tell".
    """
    said: dict[int, dict[int, str]] = defaultdict(dict)
    reasons: dict[int, set[str]] = defaultdict(set)
    for item, account, tag, copy_of, reason in _own_opinions().values_list(
        "item_id", "account_id", "tag_id", "copy_of_id", "task__reason"
    ):
        said[item][account] = COPY if copy_of else tag or NOT_ML
        reasons[item].add(reason)
    return [Opinions(item, by, frozenset(reasons[item])) for item, by in said.items() if len(by) > 1]


def _own_opinions() -> QuerySet[Label]:
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    given = Label.objects.filter(account__isnull=False, task__isnull=False, undoes=None, restores=False)
    mine = given.filter(is_unsure=False, annotator="").exclude(is_undone)
    return mine.exclude(task__reason=ReviewTask.Reason.DISAGREEMENT, task__is_blind=False).order_by("pk")


@dataclass(frozen=True, slots=True)
class Rejudged:
    """Of the labels of a tag that were judged again under a newer guideline, how many were changed."""

    n: int
    n_changed: int


def rejudged() -> dict[str, Rejudged]:
    """By the tag that the label had before."""
    n: dict[str, int] = defaultdict(int)
    n_changed: dict[str, int] = defaultdict(int)
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    answers = Label.objects.filter(task__reason=ReviewTask.Reason.GUIDELINE, is_gold=True, undoes=None)
    for answer in answers.exclude(is_undone).select_related("task"):
        before = (
            Label.objects.filter(item=answer.item_id, is_gold=True, undoes=None, pk__lt=answer.pk)
            .exclude(is_undone)
            .order_by("-pk")
            .first()
        )
        if before is not None and before.tag_id:
            n[before.tag_id] += 1
            n_changed[before.tag_id] += before.tag_id != answer.tag_id
    return {tag: Rejudged(n[tag], n_changed[tag]) for tag in n}
