"""The language of the search."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.search_nodes import Both, Either, Filter, Not, Span, Words
from winnow.core.search_query import MAX_DEPTH, MAX_PROBLEMS, MAX_QUERY, MAX_TERMS, read_query


def word(*words, prefix=False, exact=False):
    return Words(words, is_prefix=prefix, is_exact=exact)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", None),
        ("   ", None),
        ("graph ", word("graph")),
        ("graph", word("graph", prefix=True)),
        ("ai", word("ai")),
        ("Naïve Bayes ", Both((word("naive"), word("bayes")))),
        ('"graph networks"', word("graph", "networks", exact=True)),
        ("-survey graph ", Both((Not(word("survey")), word("graph")))),
        ("vision or audio model ", Both((Either((word("vision"), word("audio"))), word("model")))),
        ("a1 or b2 OR c3 ", Either((word("a1"), word("b2"), word("c3")))),
        ("(a1 b2) or c3 ", Either((Both((word("a1"), word("b2"))), word("c3")))),
        ("-(a1 or b2) c3 ", Both((Not(Either((word("a1"), word("b2")))), word("c3")))),
        ("trans* model ", Both((word("trans", prefix=True), word("model")))),
        ("state-of-the-art ", word("state", "of", "the", "art")),
        ("tag:MLOps ", Filter("tag", "mlops")),
        ('source:"Some blog" ', Filter("source", "some blog")),
        ("-site:github.com x1 ", Both((Not(Filter("site", "github.com")), word("x1")))),
        ("is:code ", Filter("is", "code")),
        ("before:2026 ", Span(None, date(2026, 1, 1))),
        ("after:2026-03 ", Span(date(2026, 4, 1), None)),
        ("after:2026-12-31 ", Span(date(2027, 1, 1), None)),
        ("https://example.org/x ", word("https", "example", "org", "x")),
        ("note:this ", word("note", "this")),
        ('"or" ', word("or", exact=True)),
    ],
)
def test_a_query_is_read_as_it_is_meant(text, wanted):
    found = read_query(text)
    assert (found.wanted, found.problems) == (wanted, ())


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("or graph ", 0, "before and after it"),
        ("graph or", 6, "before and after it"),
        ("(graph", 0, "never closed"),
        ("graph) ", 5, "closes nothing"),
        ('say "graph', 4, "never closed"),
        ("tag: ", 0, "tag:mlops"),
        ("after:yesterday ", 0, "no date"),
        ("before:2026-02-30 ", 0, "no date"),
        ("is:film ", 0, "paper, code"),
        ("ab* ", 0, "3 letters"),
        ("!!! graph ", 0, "no letter"),
        ("graph - ", 6, "right before"),
        ('shop:"a b" ', 0, "no filter"),
        ("author:... ", 0, "a name has letters"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_the_rest_is_searched(text, at, says):
    (problem,) = read_query(text).problems
    assert problem.at == at
    assert says in problem.says
    assert (read_query(text).wanted is not None) is ("graph" in text or "shop" in text or text.startswith("ab"))


def test_a_query_is_bounded_in_length_parts_and_depth():
    long = read_query("word " * 1000)
    assert (len(long.text) <= MAX_QUERY, len(long.leaves)) == (True, MAX_TERMS)
    assert {problem.says[:8] for problem in long.problems} == {"only the"}
    deep = read_query("(" * 50 + "graph" + ")" * 50)
    assert deep.wanted == word("graph")
    assert any(str(MAX_DEPTH) in problem.says for problem in deep.problems)
    assert len(deep.problems) <= MAX_PROBLEMS


@pytest.mark.parametrize(
    "text", ["(" * 5000, '"' * 5000, "-" * 5000, "or " * 5000, "a:" * 5000, "*" * 5000, "\x00" * 5000]
)
def test_of_a_hostile_query_so_much_is_read_and_no_more(text):
    found = read_query(text)
    assert len(found.text) <= MAX_QUERY
    assert len(found.leaves) <= MAX_TERMS
    assert len(found.problems) <= MAX_PROBLEMS
    assert found.problems[-1].at <= MAX_QUERY


@given(st.text(max_size=80))
def test_any_text_is_read_without_a_fault(text):
    found = read_query(text)
    assert all(0 <= problem.at <= MAX_QUERY for problem in found.problems)
    assert read_query(text) == found


@given(
    st.lists(st.sampled_from(["a1", "or", "(", ")", "-b2", '"c3 d4"', "tag:x", "-", '"']), max_size=12).map(" ".join)
)
def test_any_mix_of_its_signs_is_read(text):
    assert len(read_query(text).problems) <= MAX_PROBLEMS
