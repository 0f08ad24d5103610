import numpy as np
import pytest

from winnow.core.values import Document, Example
from winnow.ml.dummy import DummyClassifier, DummyPredictor, class_shares

EXAMPLES = [Example(Document("x"), "b"), Example(Document("y"), "a", weight=3.0)]


def test_dummy_answers_the_weighted_shares_to_everything():
    predictor = DummyClassifier().fit(EXAMPLES, ("a", "b", "c"))
    first, second = predictor.classify([Document("anything"), Document("")])
    assert first == second
    assert first.probabilities == {"a": 0.75, "b": 0.25, "c": 0.0}
    assert (first.tag, first.confidence) == ("a", 0.75)


def test_shares_follow_the_order_of_the_tags():
    assert class_shares(EXAMPLES, ("b", "a")).tolist() == [0.25, 0.75]


def test_dummy_is_calibrated_already():
    predictor = DummyClassifier().fit(EXAMPLES, ("a", "b"))
    assert predictor.calibrated(np.array([[0.5, 0.5]]), ["a"]) is predictor
    assert not predictor.needs_encoder


@pytest.mark.parametrize("priors", [[0.5, 0.5, 0.0], [0.9, 0.2], [1.0]])
def test_priors_that_do_not_fit_are_refused(priors):
    with pytest.raises(ValueError, match="priors do not fit"):
        DummyPredictor(("a", "b"), np.array(priors))
