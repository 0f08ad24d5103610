"""A drop is told soon, at the price of an alarm now and then that is false; both are counted here on simulated audits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.ml.change import RISES, Told, change_evidence, watch_change

ALLOWED, YEAR = 0.05, 624


def runs(rates, n, seed):
    return np.random.default_rng(seed).random((n, len(rates))) < rates


def first_alarms(is_wrong, patience):
    """The audit of each run's alarm; length + 1 where there is none."""
    raised = change_evidence(is_wrong, ALLOWED) >= patience
    return np.where(raised.any(axis=1), raised.argmax(axis=1) + 1, is_wrong.shape[1] + 1)


def naive(outcomes, rates):
    """The sum, over every beginning, of how much likelier what followed is; the mean over rates."""
    total = 0.0
    for rate in rates:
        for start in range(len(outcomes)):
            part = outcomes[start:]
            likelier = [(rate / ALLOWED) if wrong else (1 - rate) / (1 - ALLOWED) for wrong in part]
            total += float(np.prod(likelier)) / len(rates)
    return total


@given(st.lists(st.booleans(), min_size=1, max_size=25))
def test_the_evidence_is_that_of_every_beginning(outcomes):
    expected = naive(outcomes, [ALLOWED + rise for rise in RISES])
    assert watch_change(outcomes, allowed=ALLOWED, patience=1e12).evidence == pytest.approx(expected)
    assert change_evidence(np.array([outcomes]), ALLOWED)[0, -1] == pytest.approx(expected)


def test_where_nothing_drops_alarms_are_as_rare_as_promised():
    """The mean time to an alarm is at least the patience; a run that is cut off counts as long as it was."""
    first = first_alarms(runs(np.full(4 * YEAR, ALLOWED), 400, 1), YEAR)
    assert first.mean() - 3 * first.std() / 20 > YEAR
    better = first_alarms(runs(np.full(4 * YEAR, ALLOWED / 2), 200, 2), YEAR)
    assert better.mean() > 3 * YEAR


def test_a_drop_is_found_within_two_hundred_audits_after_quiet_ones_too():
    for quiet in (0, 300):
        rates = np.where(np.arange(quiet + 900) < quiet, ALLOWED, 2 * ALLOWED)
        delays = first_alarms(runs(rates, 400, 3), 2 * YEAR) - quiet
        assert np.median(delays[delays > 0]) < 200


def test_it_ends_at_the_first_alarm_and_says_since_when():
    outcomes = [False] * 40 + [True] * 12
    told = watch_change(outcomes, allowed=ALLOWED, patience=YEAR)
    assert (told.is_alarm, told.since, told.evidence >= YEAR) == (True, 41, True)
    assert 41 < told.at < 52
    assert not watch_change(outcomes[: told.at - 1], allowed=ALLOWED, patience=YEAR).is_alarm
    assert watch_change(outcomes[: told.at], allowed=ALLOWED, patience=YEAR) == told


def test_where_nothing_speaks_for_a_drop_all_outcomes_are_looked_at():
    told = watch_change([True] + [False] * 40, allowed=ALLOWED, patience=YEAR)
    assert (told.at, told.since) == (41, 1)


def test_no_outcomes_say_nothing_and_a_lax_promise_has_rates_below_one():
    assert watch_change([], allowed=ALLOWED, patience=YEAR) == Told(0, 0.0, 1, is_alarm=False)
    assert np.isfinite(watch_change([True] * 3, allowed=0.95, patience=YEAR).evidence)
