"""Whether a stream agrees with its own history."""

import random

import pytest

from winnow.ml.stream import (
    BUDGET,
    DAY,
    EXPECTATIONS,
    WINDOW_BATCHES,
    WINDOW_ENTRIES,
    YEAR,
    Batch,
    correlation,
    disagreements,
    has_history,
    share_p,
    silence,
    spending,
    split,
)


def batch(day, n=10, described=None, language=None, duplicates=0):
    counts = {
        "fields": {"description": n if described is None else described},
        "language": language or {"en": n},
        "duplicates": {"duplicate": duplicates},
    }
    return Batch(day * DAY, n, counts)


HISTORY = [batch(day) for day in range(30)]
DAILY = spending(DAY)


def broken(*window, history=HISTORY, alpha=DAILY):
    found = disagreements(history, window, now=window[-1].at, alpha=alpha)
    return [one.expectation for one in found]


def test_what_goes_on_as_before_agrees():
    assert broken(batch(31), batch(32)) == []


@pytest.mark.parametrize(
    ("changed", "expectation"),
    [
        (batch(31, 20, described=0), "fields"),
        (batch(31, 20, language={"cyrillic": 20}), "language"),
        (batch(31, 20, duplicates=20), "duplicates"),
    ],
)
def test_a_change_is_seen_at_once_and_told_with_its_figures(changed, expectation):
    (first, *_) = disagreements(HISTORY, [changed], now=changed.at, alpha=DAILY)
    assert first.expectation == expectation
    assert "of 20 new entries, where" in first.said
    assert first.p < DAILY / len(EXPECTATIONS)


def test_a_flood_is_seen():
    assert "volume" in broken(batch(31, 2_000))


def test_one_odd_entry_is_no_change():
    assert broken(batch(31, 20, described=19, language={"en": 19, "de": 1}, duplicates=1)) == []


def test_a_stream_whose_batches_vary_may_go_on_varying():
    rng = random.Random(3)
    varied = [batch(day, 10, described=rng.choice((0, 0, 10, 10, 5))) for day in range(40)]
    assert broken(batch(41, 20, described=0), history=varied) == []
    assert broken(batch(41, 20, described=20), history=varied) == []


def test_without_a_history_nothing_is_broken():
    assert broken(batch(31, 20, described=0), history=HISTORY[:4]) == []
    assert broken(batch(31, 20, described=0), history=[batch(day, 1) for day in range(30)]) == []
    assert (has_history(HISTORY), has_history([])) == (True, False)


def test_what_old_readings_did_not_count_is_not_missed():
    newer = Batch(31 * DAY, 10, {"tags": {"mlops": 10}})
    assert broken(newer) == []


def test_the_window_is_the_newest_batches_with_enough_entries():
    before, window = split([batch(day, 4) for day in range(30)])
    assert (sum(one.n for one in window), len(before)) == (WINDOW_ENTRIES, 25)
    assert len(split([batch(day, 1) for day in range(30)])[1]) == WINDOW_BATCHES
    assert split([]) == ([], [])


def test_a_trickle_is_judged_by_several_readings_together():
    history = [batch(day, 3) for day in range(60)]
    trickle = [batch(60 + day, 3, described=0) for day in range(7)]
    assert broken(*trickle, history=history) == ["fields"]


def test_a_year_spends_the_budget_however_often_it_is_asked():
    for n in (12, 365, 24 * 365):
        assert n * spending(YEAR / n) == pytest.approx(BUDGET, rel=0.02)
    assert spending(10 * YEAR) == spending(30 * DAY)
    assert spending(-1.0) == 0.0


def test_silence_is_told_once_it_is_long_for_this_stream():
    assert silence(HISTORY, now=30 * DAY) is None
    found = silence(HISTORY, now=120 * DAY)
    assert (found.expectation, found.said) == ("freshness", "nothing new for 91.0 days, where 1.0 were usual")
    bursts = [batch(40 * week + hour / 24) for week in range(6) for hour in range(5)]
    assert silence(bursts, now=bursts[-1].at + 80 * DAY) is None
    assert silence(HISTORY[:3], now=1e12) is None


def test_silence_of_batches_at_one_moment_is_none():
    assert silence([batch(1)] * 9, now=1e12) is None


def test_the_correlation_is_shrunk_and_bounded():
    alike, apart = [(5, 10)] * 50, [(10, 10), (0, 10)] * 25
    assert correlation(alike) < 0.02
    assert correlation(apart) > 0.8
    assert correlation([]) == correlation([(1, 1)]) == 0.05


@pytest.mark.parametrize("rho", [0.0, 0.1])
def test_the_p_value_is_no_smaller_than_it_says(rho):
    """Draws from the model itself: at most a twentieth may lie below one in twenty, but for chance (400 draws)."""
    rng = random.Random(11)

    def share():
        return rng.betavariate(0.3 * (1 - rho) / rho, 0.7 * (1 - rho) / rho) if rho else 0.3

    def counted(n):
        p = share()
        return sum(rng.random() < p for _ in range(n)), n

    below = sum(share_p([counted(10) for _ in range(20)], *counted(20)) < 0.05 for _ in range(400))
    assert below <= 35
