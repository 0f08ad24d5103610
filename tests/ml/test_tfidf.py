import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from winnow.ml.tfidf import Tfidf, terms

CORPUS = [
    "deep learning for images",
    "deep reinforcement learning",
    "Обучение машин",
    "learning to learn, deep and deep",
]


@pytest.fixture(scope="module")
def fitted():
    vectoriser = TfidfVectorizer(ngram_range=(1, 2))
    vectoriser.fit(CORPUS)
    return vectoriser, Tfidf(tuple(vectoriser.get_feature_names_out().tolist()), vectoriser.idf_)


def test_terms_are_words_then_pairs():
    assert terms("A PDF, read twice") == ["pdf", "read", "twice", "pdf read", "read twice"]
    assert terms("") == terms("a b c !") == []


@given(st.text(alphabet="deplarning 机器Обучение-_'.,", max_size=80))
def test_features_are_those_of_scikit_learn(fitted, text):
    vectoriser, tfidf = fitted
    indices, values = tfidf.features(text)
    ours = np.zeros(len(tfidf.vocabulary))
    ours[indices] = values
    assert np.allclose(ours, vectoriser.transform([text]).toarray()[0], atol=1e-12)


@given(st.sampled_from(CORPUS), st.sampled_from(CORPUS))
def test_features_have_length_one_and_rising_indices(fitted, first, second):
    indices, values = fitted[1].features(f"{first} {second}")
    assert indices == sorted(set(indices))
    assert np.sqrt(np.square(values).sum()) == pytest.approx(1.0)


def test_unknown_words_give_nothing(fitted):
    indices, values = fitted[1].features("zebra quagga")
    assert indices == []
    assert values.shape == (0,)


def test_a_vocabulary_needs_as_many_frequencies():
    with pytest.raises(ValueError, match="2 terms but idf"):
        Tfidf(("a", "b"), np.ones(3))
