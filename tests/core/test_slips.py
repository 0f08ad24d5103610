"""Words one slip apart."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.slips import LEAST, MOST, codes_of, is_slip

LETTERS = string.ascii_lowercase


@pytest.mark.parametrize(
    ("word", "other", "is_one"),
    [
        ("transfomer", "transformer", True),
        ("transformerr", "transformer", True),
        ("tranzformer", "transformer", True),
        ("trnasformer", "transformer", True),
        ("transformer", "transformer", False),
        ("transforming", "transformer", False),
        ("graph", "grpah", True),
        ("abcd", "badc", False),
    ],
)
def test_one_slip(word, other, is_one):
    assert is_slip(word, other) is is_slip(other, word) is is_one


@given(st.text(LETTERS, min_size=LEAST + 1, max_size=MOST - 1), st.data())
def test_what_one_slip_makes_shares_a_code(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    made = data.draw(
        st.sampled_from(
            [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
        )
    )
    assert made == word or is_slip(word, made)
    assert set(codes_of(word)) & set(codes_of(made))


@pytest.mark.parametrize("word", ["", "abc", "x" * (MOST + 1)])
def test_short_and_endless_words_have_no_slips(word):
    assert codes_of(word) == []
