import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.ml.head import Head, answer, softmax
from winnow.ml.sparse import SparseRows

SCORES = st.lists(st.floats(-500, 500), min_size=1, max_size=8)


@given(SCORES, st.floats(0.05, 20))
def test_softmax_sums_to_one_and_keeps_the_order(scores, temperature):
    probabilities = softmax(scores, temperature)
    assert sum(probabilities) == pytest.approx(1.0)
    assert probabilities.index(max(probabilities)) <= scores.index(max(scores))
    assert all(
        (p >= q) or (a < b)
        for p, a in zip(probabilities, scores, strict=True)
        for q, b in zip(probabilities, scores, strict=True)
    )


def test_softmax_is_sharper_when_colder():
    assert softmax([1.0, 0.0], 0.5)[0] > softmax([1.0, 0.0])[0] > softmax([1.0, 0.0], 2.0)[0]


def test_answer_takes_the_likeliest_and_the_first_of_equals():
    assert answer(("a", "b"), [0.5, 0.5]).tag == "a"
    assert answer(("a", "b"), [0.2, 0.8]).tag == "b"
    assert answer(("a", "b"), [0.2, 0.8]).confidence == 0.8


def test_answer_that_abstains_has_no_tag_and_no_confidence():
    said = answer(("a", "b"), [0.2, 0.8], abstains=True, reasons=("why",))
    assert (said.tag, said.confidence, said.reasons) == (None, 0.0, ("why",))
    assert said.probabilities == {"a": 0.2, "b": 0.8}


@given(st.integers(0, 2**32 - 1))
def test_scores_are_the_matrix_product(seed):
    random = np.random.default_rng(seed)
    head = Head(random.normal(size=(6, 3)), random.normal(size=3))
    vector, values = random.normal(size=4), random.normal(size=2)
    features = SparseRows(2, np.array([1, 1]), np.array([4, 5]), values)
    assert np.allclose(head.dense_scores(vector), vector @ head.coef[:4])
    assert np.allclose(head.sparse_scores(features), [np.zeros(3), values @ head.coef[4:]])


def test_probabilities_are_those_of_each_row():
    head = Head(np.ones((1, 2)), np.array([1.0, 0.0]), 0.5)
    assert head.probabilities(np.array([[0.0, 0.0], [-1.0, 0.0]])) == [softmax([1.0, 0.0], 0.5), [0.5, 0.5]]


@pytest.mark.parametrize(
    ("coef", "intercept", "temperature"),
    [
        (np.ones((2, 3)), np.ones(2), 1.0),
        (np.ones(3), np.ones(3), 1.0),
        (np.ones((2, 3)), np.ones(3), 0.0),
        (np.ones((2, 3)), np.ones(3), float("nan")),
    ],
)
def test_a_head_that_does_not_fit_is_refused(coef, intercept, temperature):
    with pytest.raises(ValueError, match=r"do not fit|not above 0"):
        Head(coef, intercept, temperature)


def test_a_head_is_restored_from_its_arrays():
    head = Head(np.ones((2, 3)), np.zeros(3), 0.7)
    again = Head.restore(head.arrays())
    assert np.array_equal(again.coef, head.coef)
    assert again.temperature == 0.7
