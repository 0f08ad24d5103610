import numpy as np
import pytest

from winnow.core.values import Document
from winnow.ml.features import Features
from winnow.ml.head import Head
from winnow.ml.linear import ROWS_AT_ONCE, LinearPredictor
from winnow.ml.rules import Rule

RULE = Rule("cat", "a", "names a cat", ("cat",))


@pytest.fixture
def predictor():
    """Two numbers of a vector for a and b, and a rule that speaks for a."""
    coef = np.array([[1.0, 0.0], [0.0, 1.0], [5.0, 0.0]])
    return LinearPredictor(("a", "b"), Head(coef, np.zeros(2)), Features(2, (RULE,)))


def test_vector_and_rule_add_up(predictor):
    vectors = np.array([[0.0, 2.0], [0.0, 2.0]], dtype=np.float32)
    first, second = predictor.classify([Document("cat"), Document("dog")], vectors)
    assert first.probabilities["a"] == pytest.approx(1 / (1 + np.exp(-3)))
    assert second.probabilities["b"] == pytest.approx(1 / (1 + np.exp(-2)))
    assert (first.tag, second.tag) == ("a", "b")


@pytest.mark.parametrize("vectors", [None, np.zeros((2, 2), np.float32), np.zeros((1, 3), np.float32)])
def test_vectors_that_do_not_fit_are_refused(predictor, vectors):
    with pytest.raises(ValueError, match="1 documents need as many vectors of width 2"):
        predictor.classify([Document("cat")], vectors)


def test_a_predictor_without_a_vector_ignores_vectors():
    predictor = LinearPredictor(("a", "b"), Head(np.ones((1, 2)), np.zeros(2)), Features(rules=(RULE,)))
    assert not predictor.needs_encoder
    assert predictor.classify([Document("cat")]) == predictor.classify([Document("cat")], np.zeros((1, 9), np.float32))


def test_a_head_for_other_features_is_refused(predictor):
    with pytest.raises(ValueError, match=r"coef has shape \(2, 2\) and should have \(3, 2\)"):
        LinearPredictor(("a", "b"), Head(np.ones((2, 2)), np.zeros(2)), predictor.features)


def test_calibration_changes_confidence_and_never_the_tag(predictor):
    vectors = np.array([[0.0, 2.0], [1.5, 1.0]], dtype=np.float32)
    documents = [Document("dog"), Document("dog")]
    before = predictor.classify(documents, vectors)
    scores = np.array([list(answer.probabilities.values()) for answer in before])
    after = predictor.calibrated(np.tile(scores, (10, 1)), ["b", "b"] * 10).classify(documents, vectors)
    assert [answer.tag for answer in after] == [answer.tag for answer in before]
    assert after[0].confidence != before[0].confidence


def test_needs_encoder_follows_the_width(predictor):
    assert predictor.needs_encoder


def test_answers_are_the_same_bits_whatever_the_size_of_the_batch(model, examples, encoder):
    """More rows than are computed at once, and each of them alone."""
    documents = [example.document for example in examples] * 4
    assert len(documents) > ROWS_AT_ONCE
    vectors = encoder.of(documents)
    together = model.predictor.classify(documents, vectors)
    alone = [model.predictor.classify([doc], row[None])[0] for doc, row in zip(documents, vectors, strict=True)]
    assert together == alone


def test_no_documents_get_no_answers(predictor):
    assert predictor.classify([], np.empty((0, 2), np.float32)) == []
