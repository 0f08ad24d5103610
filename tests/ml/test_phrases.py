import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.ml import phrases as phrases_
from winnow.ml.phrases import PhraseIndex, phrase_pattern

PHRASES = ("cat", "Kitten*", "big cat", "image to image", "re* of cat*", "c++", "ab*cd", "g*", "x-ray")
INDEX = PhraseIndex(PHRASES)
WORDS = st.sampled_from(
    ["cat", "Cats", "kitten", "KITTENS", "big", "image", "to", "of", "rest", "c", "abxcd", "g", "x"]
)
TEXTS = st.lists(WORDS | st.sampled_from([" ", "-", "  ", "\n", ". ", "++", "_", "é"]), max_size=14).map("".join)


@pytest.fixture
def eager_threads():
    """Threads change places as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def found(text):
    (bits,) = INDEX.find([text])
    return [phrase for place, phrase in enumerate(PHRASES) if bits >> place & 1]


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("", []),
        ("CAT", ["cat"]),
        ("a big-cat", ["cat", "big cat"]),
        ("a big  cat", ["cat", "big cat"]),
        ("big, cat", ["cat"]),
        ("image to video to image", []),
        ("Image-to-image", ["image to image"]),
        ("two kittens", ["Kitten*"]),
        ("catalogue", []),
        ("C++, x-ray", ["c++", "x-ray"]),
        ("rest of cats", ["re* of cat*"]),
        ("abxcd", ["ab*cd"]),
    ],
)
def test_phrases_are_found_as_whole_words(text, phrases):
    assert found(text) == phrases


@given(st.lists(TEXTS, max_size=4))
def test_the_index_finds_what_each_pattern_finds_in_any_company(texts):
    patterns = [phrase_pattern([phrase]) for phrase in PHRASES]
    expected = [sum(1 << place for place, one in enumerate(patterns) if one.search(text.lower())) for text in texts]
    assert INDEX.find(texts) == expected


def test_words_of_others_fill_no_memory():
    index = PhraseIndex(PHRASES)
    index.find([f"kittens{n}" for n in range(20_001)])
    assert (len(index._known), index.find(["kittens1 g"])) == (1, INDEX.find(["kittens1 g"]))
    index.find(["kitten" * 1_000])
    assert max(map(len, index._known)) < 40


def test_threads_that_remember_and_forget_at_once_find_the_same(monkeypatch, eager_threads):
    monkeypatch.setattr(phrases_, "_MOST_WORDS", 8)
    texts = [f"kitten{n} g{n} w{n % 11} big cat image to image" for n in range(2_000)]
    index = PhraseIndex(PHRASES)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(index.find, [texts] * 4))
    assert answers == [INDEX.find(texts)] * 4
    assert len(index._known) <= 8 + 4


def test_no_phrases_match_nothing():
    assert phrase_pattern(()).search("anything") is None
    assert PhraseIndex(()).find(["anything"]) == [0]
