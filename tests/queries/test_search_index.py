"""The languages of the two databases, and how both are asked in a bounded time."""

import itertools
from time import monotonic

import pytest
from django.db import OperationalError

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
    monkeypatch.setattr(module, "PATIENCE_MS", 1)
    monkeypatch.setattr(module, "STEPS", 1)
    slow = Both(tuple(Words(("graph", "net"), is_exact=True) for _ in range(200)))
    found = [matches(slow, states=["published"], limit=9_000 + n) for n in range(30)]
    assert any(one.is_cut for one in found)
    monkeypatch.undo()
    assert len(matches(slow, states=["published"], limit=99).rows) == 40


PLACES = (3, 4, 8_191, 8_192, 8_193, 16_400, 65_535, 65_536, 131_071, 131_072, 200_000, 200_001, 262_144, 270_000)


@pytest.fixture
def scattered(make_item):
    """Works at the ends of eras and ages, every third of which does not fit; returns the numbers of those that do."""
    for n, pk in enumerate(PLACES):
        make_item("Graph" if n % 3 else "Net", state="published", pk=pk)
    return [pk for n, pk in enumerate(PLACES) if n % 3][::-1]


@pytest.mark.parametrize("limit", [1, 2, 5, 9, 30])
def test_it_makes_no_difference_how_the_works_are_divided(scattered, monkeypatch, limit):
    node = read_query("graph ").wanted
    for first, margin in ((1 << 13, 1.3), (1 << 13, 1e-9), (1 << 17, 1.3), (1 << 40, 1.3)):
        monkeypatch.setattr(module, "FIRST_RANGE", first)
        monkeypatch.setattr(module, "MARGIN", margin)
        found = matches(node, states=["published"], limit=limit, end=monotonic() + 60)
        assert [match.item_id for match in found.rows] == scattered[:limit]
        assert not found.is_cut
    found = matches(node, states=["published"], limit=limit, below=131_072, end=monotonic() + 60)
    assert [match.item_id for match in found.rows] == [pk for pk in scattered if pk < 131_072][:limit]


def test_what_was_found_in_time_is_shown_and_it_is_said_that_older_works_were_not_searched(scattered, monkeypatch):
    clock = itertools.count(monotonic(), 0.004)
    monkeypatch.setattr(module, "monotonic", lambda: next(clock))
    monkeypatch.setattr(module, "CAUTION", 0.0)
    monkeypatch.setattr(module, "LEAP", 1)
    found = matches(read_query("graph ").wanted, states=["published"], limit=30)
    assert found.is_cut
    assert 0 < len(found.rows) < len(scattered)
    assert [match.item_id for match in found.rows] == scattered[: len(found.rows)]


def test_the_next_range_reaches_as_far_as_is_needed_and_as_the_time_allows():
    assert module._reach(10_000, 100, 1_000, times=1e9) == 130_000
    assert module._reach(10_000, 0, 1_000, times=14) == 140_000
    assert module._reach(10_000, 100, 1_000, times=1.4) == 14_000
    assert module._reach(10_000, 5_000, 1, times=50) == module.FIRST_RANGE


def test_a_database_that_is_away_is_no_search_that_took_too_long(make_item, monkeypatch):
    def away(*_):
        raise OperationalError("the connection is lost")

    make_item("Graph", state="published")
    for name in ("_on_sqlite", "_on_postgresql"):
        monkeypatch.setattr(module, name, away)
    with pytest.raises(OperationalError, match="lost"):
        matches(read_query("graph ").wanted, states=["published"], limit=3)
