"""Answers that were given with the model's answer in view, and those that were given without."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from winnow.models import Label, Prediction, ReviewTask


@dataclass(frozen=True, slots=True)
class Anchored:
    """How many answers there are, and how many of them say what the model said."""

    n: int
    n_same: int


def answers_by_view(reasons: list[ReviewTask.Reason]) -> tuple[Anchored, Anchored]:
    """With the model's answer shown, and blind: first answers to tasks of these reasons, in which chance chose which.

    The model's answer is the newest before theirs, which is what the page showed. "Cannot tell" is no answer.
    """
    said = Prediction.objects.filter(item=OuterRef("item"), created_at__lte=OuterRef("created_at")).order_by("-pk")
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    given = Label.objects.filter(task__reason__in=reasons, account__isnull=False, is_gold=True, undoes=None)
    judged = given.exclude(is_undone).annotate(said=Subquery(said.values("tag")[:1])).exclude(said=None)
    return _counted(judged.filter(saw_prediction=True)), _counted(judged.filter(saw_prediction=False))


def _counted(labels: QuerySet[Label]) -> Anchored:
    return Anchored(labels.count(), labels.filter(tag_id=F("said")).count())
