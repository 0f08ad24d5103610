"""Keys under which works that may be one are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.values import Document
from winnow.ml.blocking import N_GROUPS, N_SKETCH, blocking_keys

ABSTRACT = "We study how moss grows on the north side of old trees, and find that light and rain explain most of it."


def meet(a, b):
    return bool(set(blocking_keys(a)) & set(blocking_keys(b)))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Attention is all you need!", "attention is ALL you need (2017)"),
        ("Colossal-AI", "ColossalAI"),
        ("Moss: parsers for all", "Moss"),
        (
            "Convolutional networks for long sentences of old poems",
            "Convolutional networks for short sentences of old poems",
        ),
    ],
)
def test_titles_that_are_nearly_one_meet(a, b):
    assert meet(Document(a), Document(b))


def test_one_text_under_two_titles_meets():
    assert meet(Document("How moss grows", ABSTRACT), Document("On trees", f"{ABSTRACT} We also look at ferns."))


def test_other_works_do_not_meet():
    assert not meet(
        Document("How moss grows", ABSTRACT), Document("Serving models", "A server for models, with queues.")
    )
    assert not meet(Document("Moss", "Short."), Document("Fern", "Short."))


def test_names_are_keys_too():
    paper = blocking_keys(Document("Moss"), {"github:a/b", "arxiv:1"})
    code = blocking_keys(Document("Fern"), {"github:a/b"})
    assert len(set(paper) & set(code)) == 1


@given(st.text(max_size=200), st.text(max_size=500), st.sets(st.text(max_size=20), max_size=3))
def test_keys_are_few_and_fit_a_column(title, description, names):
    keys = blocking_keys(Document(title, description), names)
    assert len(keys) == len(set(keys)) <= 2 + N_GROUPS + N_SKETCH + len(names)
    assert all(0 <= key < 2**63 for key in keys)


def test_nothing_to_say_has_no_keys():
    assert blocking_keys(Document("???")) == ()
