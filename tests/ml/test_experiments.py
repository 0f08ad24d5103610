"""Differences between two sides that may be looked at as often as one likes."""

import numpy as np
import pytest

from winnow.core.experiments import Tally
from winnow.core.intervals import clopper_pearson
from winnow.ml.experiments import ALPHA, difference, guarded, is_balanced

# Simulated here; `bench/reader_experiments.py` has seeds of its own, and more of them.
RUNS, DAYS = 250, 14


def days(rng, *, n=300, control=0.03, variant=0.03):
    """Sums up to each day of both sides: readers come, each falls on a side, some of them do something."""
    came = rng.binomial(rng.poisson(n, DAYS), 0.5, size=(2, DAYS))
    did = rng.binomial(came, [[control], [variant]])
    return [
        tuple(Tally(int(c), int(k)) for c, k in zip(*day, strict=True)) for day in zip(*sums(came, did), strict=True)
    ]


def sums(came, did):
    return came.cumsum(axis=1).T, did.cumsum(axis=1).T


def test_nothing_is_known_of_nobody():
    found = difference(Tally(0, 0), Tally(0, 0))
    assert (found.value, found.low, found.high, found.n) == (0.0, -1.0, 1.0, 0)
    assert not guarded(Tally(0, 0), Tally(0, 0), margin=0.0, is_harm=True).is_broken


def test_more_than_all_cannot_have_done_it():
    with pytest.raises(ValueError, match="at most"):
        difference(Tally(1, 2), Tally(1, 0))


def test_turned_around_it_is_the_same_below_zero():
    one, other = Tally(1000, 30), Tally(980, 60)
    found, turned = difference(one, other), difference(other, one)
    assert (found.value, found.low, found.high) == pytest.approx((-turned.value, -turned.high, -turned.low), abs=1e-9)


def test_the_more_readers_the_narrower():
    widths = [(of := difference(Tally(n, n // 20), Tally(n, n // 20))).high - of.low for n in (100, 1000, 10_000)]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.03


@pytest.mark.parametrize(("control", "variant"), [(0.003, 0.003), (0.03, 0.05), (0.4, 0.45)])
def test_the_interval_holds_at_all_looks_together(control, variant):
    rng = np.random.default_rng(7)
    missed = 0
    for _ in range(RUNS):
        looks = [difference(*day) for day in days(rng, control=control, variant=variant)]
        missed += any(not one.low <= variant - control <= one.high for one in looks)
    # n=250 runs of 14 looks each.
    assert clopper_pearson(missed, RUNS).low <= ALPHA


def test_what_harms_nothing_is_stopped_with_alpha_at_the_most():
    rng = np.random.default_rng(8)
    stopped = sum(any(guarded(*day, margin=0.0, is_harm=True).is_broken for day in days(rng)) for _ in range(RUNS))
    assert clopper_pearson(stopped, RUNS).low <= ALPHA / 2


def test_what_harms_is_stopped():
    rng = np.random.default_rng(9)
    runs = 40
    stopped = sum(
        any(guarded(*day, margin=0.005, is_harm=True).is_broken for day in days(rng, variant=0.09)) for _ in range(runs)
    )
    assert clopper_pearson(stopped, runs).low >= 0.8


@pytest.mark.parametrize(("is_harm", "is_broken"), [(True, True), (False, False)])
def test_more_of_it_is_harm_only_where_it_is_harm(is_harm, is_broken):
    assert guarded(Tally(2000, 20), Tally(2000, 200), margin=0.01, is_harm=is_harm).is_broken is is_broken
    assert guarded(Tally(2000, 200), Tally(2000, 20), margin=0.01, is_harm=is_harm).is_broken is not is_broken


def test_harm_within_the_margin_is_let_pass():
    assert not guarded(Tally(2000, 20), Tally(2000, 200), margin=0.1, is_harm=True).is_broken


@pytest.mark.parametrize(("sides", "expected"), [((0, 0), True), ((480, 520), True), ((400, 600), False)])
def test_sides_are_of_one_size(sides, expected):
    assert is_balanced(*sides) is expected
