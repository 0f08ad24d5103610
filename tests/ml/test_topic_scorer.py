import numpy as np
import pytest

from winnow.core.values import Document
from winnow.ml.features import Features
from winnow.ml.head import Head
from winnow.ml.linear import LinearPredictor
from winnow.ml.topic_scorer import OFF_TOPIC, ON_TOPIC, TopicScorer

EAST, NORTH = np.eye(2, dtype=np.float32)
DOC = Document("any")


def scorer(probability=0.5, weight=10.0, off=EAST[None], on=NORTH[None]):
    head = Head(np.zeros((2, 2)), np.array([np.log(probability / (1 - probability)), 0.0]))
    return TopicScorer(LinearPredictor((OFF_TOPIC, ON_TOPIC), head, Features(width=2)), off, on, weight)


def test_without_weight_the_score_is_the_probability_of_the_head():
    assert scorer(0.3, weight=0.0).score(DOC, EAST) == pytest.approx(0.3)


def test_near_texts_of_a_kind_move_the_score_towards_it():
    assert scorer(weight=2.0).score(DOC, EAST) == pytest.approx(1 / (1 + np.exp(-2.0)))
    assert scorer(weight=2.0).score(DOC, NORTH) == pytest.approx(1 / (1 + np.exp(2.0)))
    assert scorer().score(DOC, (EAST + NORTH) / np.float32(np.sqrt(2))) == pytest.approx(0.5)


def test_only_the_ten_nearest_count():
    far = np.repeat(-EAST[None], 50, axis=0)
    crowd = np.concatenate([np.repeat(EAST[None], 10, axis=0), far])
    assert scorer(off=crowd).score(DOC, EAST) == pytest.approx(scorer().score(DOC, EAST))


@pytest.mark.parametrize("probability", [1e-300, 1 - 1e-16])
def test_a_head_that_is_sure_gives_a_score_between_0_and_1(probability):
    assert 0.0 <= scorer(probability).score(DOC, EAST) <= 1.0


def test_a_scorer_is_restored():
    one = scorer(0.3)
    again = TopicScorer.restore(one.arrays(), one.settings())
    assert again.score(DOC, EAST) == one.score(DOC, EAST)


@pytest.mark.parametrize("off", [np.ones((1, 3), np.float32), np.ones(2, np.float32), np.empty((0, 2), np.float32)])
def test_neighbours_that_do_not_fit_are_refused(off):
    with pytest.raises(ValueError, match="neighbours have shapes"):
        scorer(off=off)
