"""What people say with the model's answer in view, and without."""

import pytest

from winnow.models import ModelVersion, Prediction, ReviewTask
from winnow.queries.anchoring import Anchored, answers_by_view
from winnow.services.review import label_task, open_task, undo_label

REASON = ReviewTask.Reason.LOW_CONFIDENCE


@pytest.fixture
def model_version(db):
    """A registered model without a folder."""
    return ModelVersion.objects.create(
        ref="v5-1", recipe="r", folder="f", manifest_sha256="0" * 64, dataset_sha256="0" * 64, policy={}, card={}
    )


def predict(item, model_version, tag):
    Prediction.objects.create(
        item=item,
        model_version=model_version,
        tag=tag,
        confidence=0.5,
        probabilities={},
        action="review",
        latency_ms=1,
    )


def asked(make_item, model_version, said="mlops", *, is_blind=False):
    item = make_item(state="in_review")
    predict(item, model_version, said)
    task = open_task(item=item, reason=REASON)
    ReviewTask.objects.filter(pk=task.pk).update(is_blind=is_blind)
    task.refresh_from_db()
    return task


def test_answers_are_counted_by_what_was_in_view(make_item, model_version, cast, tags):
    for tag, is_blind in [("mlops", False), ("mlops", False), ("other", False), ("mlops", True), ("other", True)]:
        task = asked(make_item, model_version, is_blind=is_blind)
        label_task(task=task, tag=tags[tag], account=cast.reviewer)
    assert answers_by_view([REASON]) == (Anchored(3, 2), Anchored(2, 1))
    assert answers_by_view([ReviewTask.Reason.AUDIT]) == (Anchored(0, 0), Anchored(0, 0))


def test_what_was_undone_or_of_which_no_model_said_anything_counts_not(make_item, model_version, cast, tags):
    label = label_task(task=asked(make_item, model_version), tag=tags["mlops"], account=cast.reviewer)
    undo_label(label=label, account=cast.reviewer)
    nothing = open_task(item=make_item(state="in_review"), reason=REASON)
    label_task(task=nothing, tag=tags["mlops"], account=cast.reviewer)
    assert answers_by_view([REASON]) == (Anchored(0, 0), Anchored(0, 0))


def test_what_counts_is_the_newest_answer_of_a_model_before_that_of_the_person(make_item, model_version, cast, tags):
    task = asked(make_item, model_version, said="other")
    predict(task.item, model_version, "mlops")
    label_task(task=task, tag=tags["mlops"], account=cast.reviewer)
    predict(task.item, model_version, "other")
    assert answers_by_view([REASON])[0] == Anchored(1, 1)
