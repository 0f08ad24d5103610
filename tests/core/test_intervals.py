"""Exact bounds against scipy and published values."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from winnow.core import intervals
from winnow.core.values import Interval

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, st.floats(0.001, 0.999))
def test_binomial_cdf_agrees_with_scipy(counts, p):
    k, n = counts
    assert intervals.binomial_cdf(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), abs=1e-9)


@pytest.mark.parametrize(("k", "p", "expected"), [(-1, 0.5, 0.0), (5, 0.5, 1.0), (2, 0.0, 1.0), (2, 1.0, 0.0)])
def test_binomial_cdf_at_the_edges(k, p, expected):
    assert intervals.binomial_cdf(k, 5, p) == expected


@settings(max_examples=40)
@given(COUNTS)
def test_clopper_pearson_agrees_with_scipy(counts):
    k, n = counts
    expected = stats.binomtest(k, n).proportion_ci(0.95, "exact")
    found = intervals.clopper_pearson(k, n)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-7)


@settings(max_examples=40)
@given(COUNTS)
def test_wilson_agrees_with_scipy(counts):
    k, n = counts
    expected = stats.binomtest(k, n).proportion_ci(0.95, "wilson")
    found = intervals.wilson(k, n)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-5)


def test_intervals_of_nothing_know_nothing():
    assert intervals.clopper_pearson(0, 0) == Interval(0.0, 0.0, 1.0, 0)
    assert intervals.wilson(0, 0) == Interval(0.0, 0.0, 1.0, 0)
    assert intervals.precision_lower_bound(0, 0, 0.1) == 0.0


@pytest.mark.parametrize("wrong", [0, 1, 3])
def test_precision_lower_bound_is_the_published_formula(wrong):
    expected = 1 - stats.beta.ppf(0.9, wrong + 1, 100 - wrong)
    assert intervals.precision_lower_bound(wrong, 100, 0.1) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("target", "delta", "needed"),
    [(0.95, 0.05, [59, 93, 124, 153]), (0.95, 0.10, [45, 77, 105, 132]), (0.90, 0.10, [22, 38, 52, 65])],
)
def test_sample_sizes_of_the_methods_page(target, delta, needed):
    assert [intervals.sample_size(k, target, delta) for k in range(4)] == needed


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_sample_size_is_the_least_that_certifies(wrong):
    n = intervals.sample_size(wrong, 0.9, 0.1)
    assert intervals.precision_lower_bound(wrong, n, 0.1) >= 0.9
    assert intervals.precision_lower_bound(wrong, n - 1, 0.1) < 0.9


def test_newcombe_holds_the_difference_and_agrees_with_a_published_example():
    # 56 of 70 against 48 of 80: Newcombe 1998, table II, method 10.
    found = intervals.newcombe(56, 70, 48, 80)
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4), found.n) == (0.2, 0.0524, 0.3339, 150)


def test_newcombe_turned_round_changes_its_sign():
    one, other = intervals.newcombe(3, 10, 8, 12), intervals.newcombe(8, 12, 3, 10)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_newcombe_knows_nothing_of_an_empty_side():
    assert intervals.newcombe(0, 0, 3, 5) == Interval(0.0, -1.0, 1.0, 5)
