"""Where the words of a query stand in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.highlight import EXCERPT, Part, excerpt, parts_of, wanted_by
from winnow.core.search_query import read_query


def marked(text, q, more=()):
    return [part.text for part in parts_of(text, wanted_by(read_query(q), more)) if part.is_hit]


@pytest.mark.parametrize(
    ("text", "q", "hits"),
    [
        ("Graph neural networks", "graph ", ["Graph"]),
        ("Naïve Bayes", "naive ", ["Naïve"]),
        ("Transformers transform", "transf", ["Transformers", "transform"]),
        ("a survey of graphs", "-survey graphs ", ["graphs"]),
        ("deep graph", "tag:deep graph ", ["graph"]),
        ("nothing here", "graph ", []),
    ],
)
def test_the_words_that_are_wanted_are_marked(text, q, hits):
    assert marked(text, q) == hits


def test_what_was_searched_instead_is_marked_too():
    assert marked("A transformer", "transfomer ", ["transformer"]) == ["transformer"]


@given(st.text(max_size=60), st.text(max_size=20))
def test_the_parts_are_the_whole_text(text, q):
    assert "".join(part.text for part in parts_of(text, wanted_by(read_query(q)))) == text


def test_parts_are_never_empty():
    assert parts_of("graph", wanted_by(read_query("graph "))) == [Part("graph", is_hit=True)]


def test_an_excerpt_shows_the_first_word_that_is_wanted():
    text = "word " * 200 + "graph " + "word " * 200
    shown = excerpt(text, wanted_by(read_query("graph ")))
    assert "graph" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= EXCERPT + 4


def test_a_short_text_is_shown_whole_and_a_long_one_from_its_beginning_where_nothing_is_wanted():
    assert excerpt("short", wanted_by(read_query("graph "))) == "short"
    assert excerpt("word " * 200, wanted_by(read_query("graph "))).startswith("word word")
