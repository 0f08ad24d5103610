"""Whether showing the model's answer leads people."""

import pytest

from winnow.models import Label, ModelVersion, Prediction, ReviewTask
from winnow.services.anchoring import anchoring
from winnow.services.review import label_task, open_task


@pytest.fixture
def model_version(db):
    """A registered model without a folder."""
    return ModelVersion.objects.create(
        ref="v5-1", recipe="r", folder="f", manifest_sha256="0" * 64, dataset_sha256="0" * 64, policy={}, card={}
    )


def test_nothing_is_known_before_both_were_answered(db):
    found = anchoring()
    assert (found.shown.n, found.blind.n) == (0, 0)
    assert (found.difference.low, found.difference.high) == (-1.0, 1.0)


def test_the_difference_is_that_of_the_two_shares(make_item, model_version, cast, tags):
    for number in range(40):
        item = make_item(state="in_review")
        Prediction.objects.create(
            item=item,
            model_version=model_version,
            tag="mlops",
            confidence=0.5,
            probabilities={},
            action="review",
            latency_ms=1,
        )
        task = open_task(item=item, reason=ReviewTask.Reason.LOW_CONFIDENCE)
        is_shown = number % 2 == 0
        is_same = number % 10 != 0 if is_shown else number % 4 == 1
        tag = tags["mlops" if is_same else "other"]
        Label.objects.create(
            item=item, task=task, tag=tag, account=cast.reviewer, is_gold=True, saw_prediction=is_shown
        )
    found = anchoring()
    assert (found.shown.value, found.shown.n) == (0.8, 20)
    assert (found.blind.value, found.blind.n) == (0.5, 20)
    assert abs(found.difference.value - 0.3) < 1e-12
    assert found.difference.low < 0.3 < found.difference.high < 0.6


@pytest.mark.usefixtures("stream")
def test_what_the_classifier_itself_held_is_counted(cast, tags):
    tasks = ReviewTask.objects.filter(reason=ReviewTask.Reason.LOW_CONFIDENCE).select_related("item").order_by("pk")[:6]
    for place, task in enumerate(tasks):
        task.is_blind = place % 2 == 0
        label_task(task=task, tag=tags[task.item.likely_tag_id], account=cast.reviewer)
    found = anchoring()
    assert (found.shown.value, found.shown.n, found.blind.value, found.blind.n) == (1.0, 3, 1.0, 3)
