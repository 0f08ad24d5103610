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
    rows = tfidf.rows([text])
    ours = np.zeros(len(tfidf.vocabulary))
    ours[rows.columns] = rows.values
    assert np.allclose(ours, vectoriser.transform([text]).toarray()[0], atol=1e-12)


@given(st.sampled_from(CORPUS), st.sampled_from(CORPUS))
def test_features_have_length_one_and_rising_indices(fitted, first, second):
    rows = fitted[1].rows([f"{first} {second}"])
    assert rows.columns.tolist() == sorted(set(rows.columns.tolist()))
    assert np.sqrt(np.square(rows.values).sum()) == pytest.approx(1.0)


TEXTS = st.lists(st.sampled_from([*CORPUS, "", "zebra quagga", "to", "deep\nlearning", "images deep"]), max_size=9)


@given(TEXTS)
def test_a_row_has_the_same_bits_in_any_company(fitted, texts):
    together = fitted[1].rows(texts)
    assert together.n == len(texts)
    for row, text in enumerate(texts):
        alone = fitted[1].rows([text])
        assert np.array_equal(together.columns[together.rows == row], alone.columns)
        assert np.array_equal(together.values[together.rows == row], alone.values)


@given(st.one_of(st.sampled_from(CORPUS), st.text(alphabet="deplarning 机器Обучение-_'.,", max_size=80)))
def test_one_text_alone_has_the_same_bits_without_numpy(fitted, text):
    rows = fitted[1].rows([text])
    assert fitted[1].row(text) == (rows.columns.tolist(), rows.values.tolist())


def test_a_pair_never_reaches_into_the_next_text(fitted):
    _, tfidf = fitted
    rows = tfidf.rows(["deep", "learning"])
    assert [tfidf.vocabulary[column] for column in rows.columns] == ["deep", "learning"]


def test_unknown_words_give_nothing(fitted):
    assert len(fitted[1].rows(["zebra quagga", ""]).values) == 0


def test_a_pair_may_be_known_where_its_words_alone_are_not():
    tfidf = Tfidf(("big cat",), np.array([2.0]))
    rows = tfidf.rows(["a big cat", "big", "cat big"])
    assert [tfidf.row(text) for text in ("a big cat", "big", "cat big")] == [([0], [1.0]), ([], []), ([], [])]
    assert (rows.rows.tolist(), rows.columns.tolist(), rows.values.tolist()) == ([0], [0], [1.0])


def test_an_empty_vocabulary_knows_nothing():
    nothing = Tfidf((), np.empty(0))
    assert len(nothing.rows(["deep learning"]).values) == 0
    assert nothing.row("deep learning") == ([], [])


def test_a_vocabulary_needs_as_many_frequencies():
    with pytest.raises(ValueError, match="2 terms but idf"):
        Tfidf(("a", "b"), np.ones(3))
