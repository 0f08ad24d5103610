"""The languages of the two databases."""

import pytest
from django.db import OperationalError
from tests.databases import on_sqlite

from winnow.core.search_nodes import Both, Either, Not, Words
from winnow.core.search_query import read_query
from winnow.queries import search_index as module
from winnow.queries.search_index import fts5, matches, tsquery

DEEP, NET = Words(("deep",)), Words(("graph", "net"), is_prefix=True)


def test_a_query_in_the_language_of_fts5():
    assert fts5(Both((DEEP, Not(NET)))) == '("deep" NOT "graph net" *)'
    assert fts5(Either((DEEP, NET))) == '("deep" OR "graph net" *)'
    with pytest.raises(TypeError):
        fts5(Not(DEEP))


def test_a_query_in_the_language_of_postgresql():
    assert tsquery(Both((DEEP, Not(NET)))) == "('deep' & !('graph' <-> 'net':*))"


def test_matches_come_newest_first_and_no_more_than_asked_for(make_item):
    made = [make_item("Graph", state="published").pk for _ in range(5)]
    node = read_query("graph ").wanted
    assert [match.item_id for match in matches(node, states=["published"], limit=3).rows] == made[:1:-1]
    assert [match.item_id for match in matches(node, states=["published"], limit=9, below=made[1]).rows] == made[:1]


def test_a_match_bears_what_facets_count(make_item):
    make_item("Graph", state="published", tag="mlops", url="https://arxiv.org/abs/2601.00001")
    (match,) = matches(read_query("graph ").wanted, states=["published"], limit=3).rows
    assert (match.tag, match.source_id, match.kind) == ("mlops", None, "paper")


def test_a_search_that_takes_too_long_is_given_up_and_said_to_be_cut(make_item, monkeypatch):
    for n in range(40):
        make_item(f"Graph {n}", state="published", description="graph net " * 200)
    for name in ("PATIENCE_MS", "STATEMENT_MS"):
        monkeypatch.setattr(module, name, 1)
    monkeypatch.setattr(module, "STEPS", 1)
    slow = Both(tuple(Words(("graph", "net"), is_exact=True) for _ in range(200)))
    found = [matches(slow, states=["published"], limit=9_000 + n) for n in range(30)]
    assert any(one.is_cut for one in found)
    monkeypatch.undo()
    assert len(matches(slow, states=["published"], limit=99).rows) == 40


@pytest.mark.parametrize("limit", [1, 7, 12, 30])
def test_it_makes_no_difference_how_the_works_are_divided(make_item, monkeypatch, limit):
    made = [make_item("Graph" if n % 3 else "Net", state="published").pk for n in range(18)]
    node = read_query("graph ").wanted
    for bits in (0, 2, 17):
        monkeypatch.setattr(module, "RANGE_BITS", bits)
        found = matches(node, states=["published"], limit=limit)
        assert [match.item_id for match in found.rows] == [pk for n, pk in enumerate(made) if n % 3][::-1][:limit]
        assert not found.is_cut


@on_sqlite
def test_what_was_found_in_time_is_shown_and_it_is_said_that_older_works_were_not_searched(make_item, monkeypatch):
    made = [make_item("Graph", state="published").pk for _ in range(12)]
    clock = iter(range(100))
    monkeypatch.setattr(module, "monotonic", lambda: next(clock) / 20)
    monkeypatch.setattr(module, "RANGE_BITS", 1)
    found = matches(read_query("graph ").wanted, states=["published"], limit=30)
    assert found.is_cut
    assert 0 < len(found.rows) < 12
    assert [match.item_id for match in found.rows] == made[::-1][: len(found.rows)]


def test_a_database_that_is_away_is_no_search_that_took_too_long(make_item, monkeypatch):
    def away(*_):
        raise OperationalError("the connection is lost")

    make_item("Graph", state="published")
    for name in ("_in_range", "_at_once"):
        monkeypatch.setattr(module, name, away)
    with pytest.raises(OperationalError, match="lost"):
        matches(read_query("graph ").wanted, states=["published"], limit=3)
