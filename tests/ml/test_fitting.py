import numpy as np
import pytest
import scipy.sparse
from sklearn.linear_model import LogisticRegression

from winnow.core.errors import WinnowError
from winnow.ml import fitting
from winnow.ml.fitting import NEVER, balanced_weights, fit_head, fit_tfidf
from winnow.ml.head import softmax
from winnow.ml.tfidf import Tfidf

RANDOM = np.random.default_rng(3)
FEATURES = RANDOM.normal(size=(90, 5))
LABELS = ["abc"[place] for place in (FEATURES[:, :3] + RANDOM.normal(size=(90, 3))).argmax(1)]


def probabilities(head, rows):
    return np.array([softmax((row @ head.coef + head.intercept).tolist()) for row in rows])


@pytest.mark.parametrize("classes", ["abc", "ab"])
def test_head_is_that_of_scikit_learn_in_the_order_of_the_tags(classes):
    rows = [row for row, label in enumerate(LABELS) if label in classes]
    features, labels = FEATURES[rows], [LABELS[row] for row in rows]
    theirs = LogisticRegression(C=2.0, max_iter=5_000, tol=1e-5).fit(features, labels).predict_proba(features)
    tags = classes[::-1]
    head = fit_head(scipy.sparse.csr_matrix(features), labels, np.ones(len(rows)), tags, 2.0)
    assert np.allclose(probabilities(head, features)[:, ::-1], theirs, atol=1e-4)


def test_fitting_twice_gives_the_same_bytes():
    heads = [fit_head(scipy.sparse.csr_matrix(FEATURES), LABELS, np.ones(90), "abc", 1.0) for _ in range(2)]
    assert heads[0].coef.tobytes() == heads[1].coef.tobytes()
    assert heads[0].intercept.tobytes() == heads[1].intercept.tobytes()


def test_a_tag_without_a_label_never_wins():
    head = fit_head(scipy.sparse.csr_matrix(FEATURES), LABELS, np.ones(90), ("a", "unseen", "b", "c"), 1.0)
    assert head.intercept[1] == NEVER
    assert probabilities(head, FEATURES)[:, 1].max() < 1e-9


def test_a_single_label_is_always_the_answer():
    head = fit_head(scipy.sparse.csr_matrix(FEATURES), ["b"] * 90, np.ones(90), "abc", 1.0)
    assert probabilities(head, FEATURES)[:, 1].min() > 0.999


def test_balanced_weights_give_each_label_the_same_sum():
    weights = balanced_weights(["a", "b", "b", "b"], np.array([1.0, 1.0, 2.0, 1.0]))
    assert weights[0] == pytest.approx(weights[1:].sum()) == pytest.approx(2.5)
    assert weights[2] == pytest.approx(2 * weights[1])


def test_tfidf_covers_every_term():
    tfidf = fit_tfidf(["one two", "two three"])
    assert tfidf.vocabulary == ("one", "one two", "three", "two", "two three")


def test_a_predictor_that_differs_from_scikit_learn_is_never_returned(monkeypatch):
    monkeypatch.setattr(fitting, "Tfidf", lambda vocabulary, idf: Tfidf(vocabulary, idf * np.linspace(1, 2, len(idf))))
    with pytest.raises(WinnowError, match="differs from scikit-learn for these texts"):
        fit_tfidf(["one two", "two three"])
