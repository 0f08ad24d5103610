import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.core.values import Interval
from winnow.ml.betting import CELLS, MAX_BET, difference_interval, mean_intervals

VALUES = st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0]), min_size=1, max_size=30)


def capital(values, mean, alpha):
    """The hedged capital of the paper, written down step by step."""
    up = down = 0.5
    total = squares = 0.0
    for t, value in enumerate(values, start=1):
        variance = (0.25 + squares) / t
        bet = math.sqrt(2 * math.log(2 / alpha) / (variance * t * math.log(1 + t)))
        up *= 1 + min(bet, MAX_BET / mean) * (value - mean)
        down *= 1 - min(bet, MAX_BET / (1 - mean)) * (value - mean)
        total += value
        squares += (value - (0.5 + total) / (t + 1)) ** 2
        yield max(up, down)


def test_the_ends_are_where_the_papers_capital_reaches_one_over_alpha():
    values = np.random.default_rng(0).beta(2, 5, size=60)
    low, high = mean_intervals(values, 0.05)
    for n in (1, 5, 20, 60):
        alive = [m for m in np.arange(1, CELLS) / CELLS if max(capital(values[:n], float(m), 0.05)) < 20.0]
        assert low[n - 1] == pytest.approx(max(alive[0] - 1 / CELLS, 0))
        assert high[n - 1] == pytest.approx(min(alive[-1] + 1 / CELLS, 1))


def test_no_difference_says_nothing():
    assert difference_interval([]) == Interval(0.0, -1.0, 1.0, 0)


@pytest.mark.parametrize("value", [1.1, -1.5, math.nan])
def test_a_difference_outside_is_refused(value):
    with pytest.raises(ValueError, match="between -1 and 1"):
        difference_interval([0.0, value])


@given(VALUES)
@settings(max_examples=30)
def test_trading_the_models_mirrors_the_interval(values):
    found, mirrored = difference_interval(values), difference_interval([-value for value in values])
    assert (mirrored.low, mirrored.high) == (pytest.approx(-found.high), pytest.approx(-found.low))


@given(VALUES)
@settings(max_examples=30)
def test_more_items_only_tighten(values):
    low, high = mean_intervals((np.array(values) + 1) / 2, 0.05)
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) <= 0).all()


def test_a_better_model_is_shown_to_be_better():
    generator = np.random.default_rng(2)
    values = generator.choice([-1.0, 0.0, 1.0], size=800, p=[0.08, 0.91, 0.01])
    assert difference_interval(values.tolist()).high < 0.0
    equal = generator.choice([-1.0, 0.0, 1.0], size=800, p=[0.04, 0.92, 0.04])
    found = difference_interval(equal.tolist())
    assert found.low < 0.0 < found.high


def test_rare_differences_make_it_narrower_than_hoeffdings():
    values = np.zeros(500)
    values[::50] = -1.0
    found = difference_interval(values.tolist())
    assert found.high - found.low < 0.5 * 4 * math.sqrt(math.log(2 / 0.05) / (2 * 500))


def test_a_mean_that_moved_may_leave_nothing_possible():
    low, high = mean_intervals(np.concatenate([np.zeros(300), np.ones(300)]), 0.05)
    assert (low[-1], high[-1]) == (1.0, 0.0)


def test_the_truth_is_excluded_at_any_time_in_at_most_alpha_of_runs():
    generator, alpha, runs = np.random.default_rng(4), 0.1, 150
    out = 0
    for _ in range(runs):
        values = generator.choice([0.0, 0.5, 1.0], size=150, p=[0.15, 0.8, 0.05])
        low, high = mean_intervals(values, alpha)
        out += not low[-1] <= 0.45 <= high[-1]
    # Three standard deviations above alpha would be .17.
    assert out / runs <= alpha
