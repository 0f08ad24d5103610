"""What waits for a person only because the classifier was not sure enough."""

from django.db.models import Exists, OuterRef, QuerySet

from winnow.models import Item, ModelVersion, Prediction, ReviewTask, Source

# Whoever opened one of these wants a person's answer, whatever a model says.
_FOR_PEOPLE = (
    ReviewTask.Reason.REPORTED,
    ReviewTask.Reason.RESTORED,
    ReviewTask.Reason.DUPLICATE_PAIR,
    ReviewTask.Reason.PROBATION,
)


def waiting_items() -> QuerySet[Item]:
    """Items in the queue that a surer model, or a newer certificate, may take out of it; oldest first.

    What a source on probation brought is for people, however sure a model is.
    """
    asked = ReviewTask.objects.filter(item=OuterRef("pk"), closed_at=None, reason__in=_FOR_PEOPLE)
    return (
        Item.objects.filter(state=Item.State.IN_REVIEW, decided_by="", resembles=None)
        .exclude(Exists(asked))
        .exclude(source__trust=Source.Trust.PROBATION)
        .order_by("pk")
    )


def answers_of(version: ModelVersion, items: QuerySet[Item]) -> dict[int, Prediction]:
    """The newest answer of a model for each of these Items that has one, by Item, in the order of the Items."""
    found = Prediction.objects.filter(model_version=version, item__in=items).order_by("item_id", "pk")
    return {prediction.item_id: prediction for prediction in found}
