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


def test_parts_follow_one_another(tfidf):
    features = Features(3, RULES, tfidf)
    assert features.size == 3 + 2 + 5
    indices, values = features.of_text(Document("Dog", "cat"))
    assert indices == [3, 4, 5 + tfidf.vocabulary.index("cat"), 5 + tfidf.vocabulary.index("dog")]
    assert values[:2].tolist() == [1.0, 1.0]
    assert np.square(values[2:]).sum() == pytest.approx(1.0)


def test_each_part_may_be_absent(tfidf):
    assert Features(width=3).of_text(Document("dog"))[0] == []
    assert Features(rules=RULES).of_text(Document("dog"))[0] == [1]
    assert Features(tfidf=tfidf).of_text(Document("zebra"))[0] == []
    assert [Features().size, Features(width=3).size, Features(rules=RULES).size] == [0, 3, 2]


@pytest.mark.parametrize("has_terms", [True, False])
def test_features_are_restored(tfidf, has_terms):
    features = Features(3, RULES, tfidf if has_terms else None)
    again = Features.restore(features.arrays(), features.settings())
    assert again.settings() == features.settings()
    assert again.size == features.size
    assert again.of_text(Document("dog food"))[0] == features.of_text(Document("dog food"))[0]
