import numpy as np
import pytest

from winnow.core.values import Document
from winnow.ml.features import Features
from winnow.ml.fitting import fit_tfidf
from winnow.ml.rules import Rule

RULES = (Rule("cat", "a", "names a cat", ("cat",)), Rule("dog", "b", "names a dog", ("dog",)))


@pytest.fixture(scope="module")
def tfidf():
    return fit_tfidf(["cat food", "dog food"])


def columns(features, text):
    return features.of_texts([Document(text)]).columns.tolist()


def test_parts_follow_one_another(tfidf):
    features = Features(3, RULES, tfidf)
    assert features.size == 3 + 2 + 5
    rows = features.of_texts([Document("Dog", "cat")])
    words = [tfidf.vocabulary.index(word) for word in ("cat", "dog")]
    assert rows.columns.tolist() == [3, 4, *(5 + word for word in words)]
    assert rows.values[:2].tolist() == [1.0, 1.0]
    assert np.square(rows.values[2:]).sum() == pytest.approx(1.0)


def test_rows_know_their_document(tfidf):
    rows = Features(0, RULES, tfidf).of_texts([Document("Zebra"), Document("dog"), Document("cat food")])
    assert (rows.n, sorted(set(rows.rows.tolist()))) == (3, [1, 2])
    assert [rows.columns[rows.rows == row][0] for row in (1, 2)] == [1, 0]


def test_each_part_may_be_absent(tfidf):
    assert columns(Features(width=3), "dog") == []
    assert columns(Features(rules=RULES), "dog") == [1]
    assert columns(Features(tfidf=tfidf), "zebra") == []
    assert [Features().size, Features(width=3).size, Features(rules=RULES).size] == [0, 3, 2]


@pytest.mark.parametrize("has_terms", [True, False])
def test_features_are_restored(tfidf, has_terms):
    features = Features(3, RULES, tfidf if has_terms else None)
    again = Features.restore(features.arrays(), features.settings())
    assert again.settings() == features.settings()
    assert again.size == features.size
    assert columns(again, "dog food") == columns(features, "dog food")
