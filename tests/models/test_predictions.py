"""Predictions."""

import pytest
from django.db.models import ProtectedError

from winnow.models import Prediction


@pytest.fixture
def prediction(make_item, version):
    return Prediction.objects.create(
        item=make_item(), model_version=version, confidence=0.1 + 0.2, probabilities={"mlops": 1 / 3}, action="review",
        latency_ms=1,
    )  # fmt: skip


def test_numbers_come_back_to_the_last_bit(prediction):
    prediction.refresh_from_db()
    assert (prediction.confidence, prediction.probabilities) == (0.1 + 0.2, {"mlops": 1 / 3})


def test_unexplained_is_null_and_explained_without_words_is_not(prediction):
    assert Prediction.objects.filter(words__isnull=True).count() == 1
    Prediction.objects.update(words=[])
    assert Prediction.objects.filter(words__isnull=True).count() == 0


def test_a_model_that_said_something_stays_and_what_it_said_goes_with_the_item(prediction, version):
    with pytest.raises(ProtectedError):
        version.delete()
    prediction.item.delete()
    assert Prediction.objects.count() == 0
