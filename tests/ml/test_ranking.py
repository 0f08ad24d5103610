"""What is hot."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.ml.ranking import (
    NEW_VOTES,
    SECONDS_PER_DECADE,
    Heat,
    Outside,
    hotness,
    paced,
    rank_among,
    spread_out,
    strongest,
)

DAY = 24 * 3600


def outside(rank, source="hn", name="points"):
    return Outside(source, name, 1.0, rank)


def test_ten_times_the_points_make_up_for_22_hours():
    assert hotness(100, 0) == pytest.approx(hotness(10, SECONDS_PER_DECADE))
    assert SECONDS_PER_DECADE == 22 * 3600


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(0, 2**33), st.integers(0, 10**9))
def test_the_order_of_two_works_never_changes_as_time_passes(a, b, at, later):
    before = hotness(a, at) - hotness(b, at)
    assert math.isclose(hotness(a, at + later) - hotness(b, at + later), before, abs_tol=1e-6)


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_more_points_are_never_colder(a, b):
    low, high = sorted((a, b))
    assert hotness(low, 0) <= hotness(high, 0)


def test_with_nobody_here_a_work_scores_one_and_the_newest_is_the_hottest():
    assert Heat().score == 1.0
    assert hotness(Heat().score, DAY) > hotness(Heat().score, 0)


def test_three_users_are_enough_to_tell_works_of_a_day_apart():
    assert Heat(new_votes=3).score == 4.0
    assert hotness(4.0, 0) > hotness(1.0, 13 * 3600)
    assert hotness(4.0, 0) < hotness(1.0, 14 * 3600)


@pytest.mark.parametrize(
    ("known", "new", "counted"),
    [(0, 0, 0), (0, 2, 2), (0, 1000, NEW_VOTES), (5, 2, 7), (5, 1000, 13)],
)
def test_a_brigade_of_new_accounts_counts_little(known, new, counted):
    assert Heat(votes=known, new_votes=new).counted_votes == counted


def test_the_best_of_a_source_counts_as_ten_times_the_points():
    assert Heat(outside=(outside(1.0),)).score == pytest.approx(10.0)
    assert Heat(outside=(outside(0.0),)).score == 1.0
    assert Heat(outside=(outside(0.5), outside(0.5, "github"))).score == pytest.approx(1 + 2 * (10**0.5 - 1))


def test_heat_is_plain_json():
    assert Heat(1, 2, 3, (outside(0.5),)).plain() == {
        "votes": 1,
        "new_votes": 2,
        "places": 3,
        "counted_votes": 3,
        "outside": [{"source": "hn", "name": "points", "value": 1.0, "rank": 0.5}],
    }


@pytest.mark.parametrize(
    ("value", "history", "rank"),
    [(5, [], 0.0), (5, [1], 1 / 11), (5, [5] * 10, 0.25), (5, [1] * 90, 0.9), (0, [1] * 90, 0.0)],
)
def test_a_rank_is_within_the_sources_own_history_and_doubted_where_that_is_short(value, history, rank):
    assert rank_among(value, history) == pytest.approx(rank)


@given(st.lists(st.floats(0, 1e9), max_size=50), st.floats(0, 1e9), st.floats(0.001, 1000))
def test_a_rank_does_not_care_in_which_unit_a_source_counts(history, value, factor):
    scaled = rank_among(value * factor, [other * factor for other in history])
    assert 0.0 <= scaled < 1.0
    if len({value, *history}) == len({value * factor, *(other * factor for other in history)}):
        assert scaled == rank_among(value, history)


def test_points_and_comments_of_one_place_are_one_opinion():
    told = strongest([outside(0.2), outside(0.8, name="comments"), outside(0.4, "github", "stars")])
    assert told == (outside(0.4, "github", "stars"), outside(0.8, name="comments"))
    assert strongest([]) == ()


def pairs(*sources, start=0):
    return [(start + n, source) for n, source in enumerate(sources)]


def test_a_source_does_not_fill_the_page():
    sections = {name: pairs(*[1] * 4, 2, 3, 4, 5, start=100 * n) for n, name in enumerate("abc")}
    chosen = spread_out(sections, per_section=4)
    sources = [dict(sections[name])[pk] for name, pks in chosen.items() for pk in pks]
    assert (len(sources), sources.count(1)) == (12, 3)
    # Each section has its turn with the loud source before one has it twice.
    assert all(pks[0] % 100 == 0 for pks in chosen.values())


def test_where_there_are_few_sources_they_may_fill_it():
    assert spread_out({"a": pairs(*[1] * 9), "b": pairs(*[1] * 9, start=20)}, per_section=4) == {
        "a": [0, 1, 2, 3],
        "b": [20, 21, 22, 23],
    }


def test_what_has_no_source_is_not_limited():
    assert spread_out({"a": pairs(*[None] * 9)}, per_section=4) == {"a": [0, 1, 2, 3]}
    assert spread_out({"a": []}, per_section=4) == {"a": []}
    assert spread_out({}, per_section=4) == {}


def test_another_pace_lets_points_make_up_for_more_age():
    old, new = hotness(10, 0), hotness(1, 1.5 * SECONDS_PER_DECADE)
    assert old < new
    assert paced(old, 10, 2.0) > paced(new, 1, 2.0)
    assert (paced(old, 10, 1.0), paced(new, 1, 1.0)) == (old, new)
