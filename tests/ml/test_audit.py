import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import beta

from winnow.core.values import Interval
from winnow.ml.audit import ALPHA, A, B, error_intervals, evidence, log_mixture, spread_sample, watch

ALLOWED = 0.05
RUNS = 4_000
OUTCOMES = st.lists(st.booleans(), min_size=1, max_size=60)


def draws(rate, runs, length, seed):
    return np.random.default_rng(seed).random((runs, length)) < rate


def first_alarms(is_wrong, restart_every=None):
    """The audit of each run's alarm; length + 1 where there is none."""
    raised = evidence(is_wrong, ALLOWED, restart_every) >= 1 / ALPHA
    return np.where(raised.any(axis=1), raised.argmax(axis=1) + 1, is_wrong.shape[1] + 1)


def test_the_mixture_is_the_prior_mean_of_the_likelihood_ratio():
    for k, n, rate in ((0, 1, 0.05), (3, 40, 0.02), (7, 30, 0.4)):
        mean, _ = quad(lambda p, k=k, n=n: p**k * (1 - p) ** (n - k) * beta.pdf(p, A, B), 0, 1, epsabs=0)
        assert log_mixture(k, n, rate) == pytest.approx(math.log(mean / (rate**k * (1 - rate) ** (n - k))))


def test_the_evidence_is_the_mean_over_the_rates_above_the_allowed_one():
    outcomes = np.array([True, False, False, True, False])
    for n in range(1, 6):
        k = int(outcomes[:n].sum())
        top, _ = quad(lambda p, k=k, n=n: p**k * (1 - p) ** (n - k) * beta.pdf(p, A, B), ALLOWED, 1, epsabs=0)
        expected = top / beta.sf(ALLOWED, A, B) / (ALLOWED**k * (1 - ALLOWED) ** (n - k))
        assert evidence(outcomes, ALLOWED, None)[n - 1] == pytest.approx(expected)


@pytest.mark.parametrize(("n", "wrong"), [(1, 0), (1, 1), (100, 3), (500, 15), (1000, 30)])
def test_the_ends_are_where_the_mixture_crosses_one_over_alpha(n, wrong):
    # All errors last: the tightest lower end is then the last one.
    low, high = error_intervals(np.arange(n) >= n - wrong, ALPHA)

    def over(p):
        return float(log_mixture(wrong, n, p)) + math.log(ALPHA)

    share = wrong / n
    assert low[-1] == pytest.approx(brentq(over, 1e-12, share, xtol=1e-13) if wrong else 0.0, abs=1e-9)
    early_low, late_high = error_intervals(np.arange(n) < wrong, ALPHA)
    assert late_high[-1] == pytest.approx(brentq(over, share, 1 - 1e-12, xtol=1e-13) if wrong < n else 1.0, abs=1e-9)
    assert early_low[-1] >= low[-1]
    assert high[-1] <= late_high[-1]


def test_one_clean_audit_excludes_what_the_formula_excludes():
    # (1 - 1 / 20) / (1 - p) = 20 at p = 1 - .95 / 20.
    low, high = error_intervals(np.array([False]), 0.05)
    assert (low[0], high[0]) == (0.0, pytest.approx(1 - 0.95 / 20))


@given(OUTCOMES)
def test_intervals_only_ever_tighten(outcomes):
    low, high = error_intervals(np.array(outcomes), ALPHA)
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) <= 0).all()
    assert low[0] >= 0.0
    assert high[0] <= 1.0


@given(OUTCOMES, st.sampled_from([None, 1, 7, 25]))
@settings(max_examples=50)
def test_watching_again_with_more_audits_never_takes_an_alarm_back(outcomes, restart_every):
    found = [
        watch(outcomes[:n], target=0.95, alpha=0.2, restart_every=restart_every).alarmed_at
        for n in range(len(outcomes) + 1)
    ]
    raised = [at for at in found if at is not None]
    assert found == [None] * (len(found) - len(raised)) + raised
    assert raised == raised[:1] * len(raised)
    assert not raised or raised[0] == found.index(raised[0])


def test_no_audit_says_nothing():
    found = watch([], target=0.95)
    assert (found.precision, found.is_steady, found.alarmed_at) == (Interval(1.0, 0.0, 1.0, 0), True, None)


def test_watch_reports_precision_where_the_intervals_report_errors():
    outcomes = [False] * 97 + [True] * 3
    low, high = error_intervals(np.array(outcomes), ALPHA)
    found = watch(outcomes, target=0.95)
    assert found.precision == Interval(0.97, 1 - high[-1], 1 - low[-1], 100)
    assert (found.is_steady, found.alarmed_at) == (True, None)


def test_a_rate_that_moved_is_called_unsteady_and_raises_the_alarm():
    found = watch([False] * 400 + [True] * 60, target=0.95)
    assert not found.is_steady
    assert found.precision.low < found.precision.value < found.precision.high
    assert 400 < found.alarmed_at < 420


def test_the_truth_is_excluded_at_any_time_in_at_most_alpha_of_runs():
    for rate in (0.02, 0.05, 0.1):
        wrong = np.cumsum(draws(rate, RUNS, 600, seed=1), axis=1)
        out = log_mixture(wrong, np.arange(1, 601), rate) >= math.log(1 / ALPHA)
        assert out.any(axis=1).mean() <= ALPHA


@pytest.mark.parametrize(("rate", "restart_every", "runs"), [(0.05, None, RUNS), (0.05, 150, 1_000), (0.04, 150, 500)])
def test_an_alarm_is_false_in_at_most_alpha_of_runs(rate, restart_every, runs):
    assert (first_alarms(draws(rate, runs, 1_000, seed=2), restart_every) <= 1_000).mean() <= ALPHA


def test_an_alarm_is_false_in_at_most_alpha_of_runs_where_the_rate_moves_below_the_allowed_one():
    rates = np.where(np.arange(1_000) % 100 < 50, 0.0, ALLOWED)
    assert (first_alarms(draws(rates, 1_000, 1_000, seed=3), 150) <= 1_000).mean() <= ALPHA


@pytest.mark.parametrize("restart_every", [None, 150])
@pytest.mark.parametrize(("rate", "bar"), [(0.10, 200), (0.15, 70)])
def test_a_fresh_epoch_notices_in_time(rate, bar, restart_every):
    # A run that has not alarmed by the bar counts as later, whatever comes then.
    assert np.median(first_alarms(draws(rate, RUNS, bar, seed=4), restart_every)) <= bar


def test_restarts_keep_the_alarm_awake_through_quiet_history():
    rates = np.where(np.arange(750) < 300, 0.02, 0.10)
    is_wrong = draws(rates, 400, 750, seed=5)
    asleep, awake = (np.median(first_alarms(is_wrong, every)) - 300 for every in (None, 150))
    assert awake <= 300
    assert asleep == 451


def test_watch_alarms_where_the_simulation_does():
    is_wrong = draws(0.12, 20, 300, seed=6)
    expected = [int(at) if at <= 300 else None for at in first_alarms(is_wrong, 150)]
    assert [watch(run.tolist(), target=0.95).alarmed_at for run in is_wrong] == expected


def test_a_spread_sample_takes_each_row_equally_often_and_each_stratum_its_share():
    counts = np.zeros(37)
    for seed in range(4_000):
        places = spread_sample(37, 8, Random(seed))
        assert len(set(places)) == 8
        counts[places] += 1
        assert 3 <= sum(place < 18 for place in places) <= 5
    assert np.abs(counts / 4_000 - 8 / 37).max() < 0.03


def test_a_spread_sample_of_few_is_all_of_them_in_random_order():
    assert sorted(spread_sample(5, 9, Random(1))) == [0, 1, 2, 3, 4]
    assert spread_sample(0, 9, Random(1)) == []
    assert len({tuple(spread_sample(30, 5, Random(seed))) for seed in range(50)}) > 40
