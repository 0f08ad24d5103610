"""The difference of two models on the same works."""

import numpy as np
import pytest

from winnow.core.values import Interval
from winnow.ml.paired import Answers, n_missing, precision_difference


def answers(is_right, counts=None):
    right = np.asarray(is_right, dtype=bool)
    return Answers(right, np.ones(len(right), dtype=bool) if counts is None else np.asarray(counts, dtype=bool))


def test_two_that_answer_alike_differ_by_nothing_for_sure():
    same = answers([True, False, True, True] * 30)
    found = precision_difference(same, same)
    assert (found.value, found.low, found.high, found.n) == (0.0, 0.0, 0.0, 120)


def test_works_that_both_get_right_do_not_widen_the_interval():
    easy = [True] * 300
    new, old = answers([*easy, *([True] * 20), *([False] * 10)]), answers([*easy, *([False] * 20), *([True] * 10)])
    found = precision_difference(new, old)
    assert found.value == pytest.approx(10 / 330)
    assert 0.0 < found.low + 0.01 < found.value < found.high < 0.07


def test_precision_is_over_what_counts_alone():
    new = answers([True, True, False, False], [True, True, True, False])
    old = answers([True, True, False, False], [True, True, False, False])
    assert precision_difference(new, old).value == pytest.approx(2 / 3 - 1)


@pytest.mark.parametrize("which", [0, 1])
def test_where_one_answers_nothing_nothing_can_be_said(which):
    some, none = answers([True, False]), answers([True, False], [False, False])
    pair = (some, none) if which else (none, some)
    found = precision_difference(*pair)
    assert (found.low, found.high) == (-1.0, 1.0)


def test_the_interval_holds_as_often_as_it_says():
    """200 pairs of models whose precision differs by .05: at most 1 in 20 intervals may miss it, and some slack."""
    random, n_missed = np.random.default_rng(3), 0
    for _ in range(200):
        both = random.random(400)
        found = precision_difference(answers(both < 0.85), answers(both + random.normal(0, 0.02, 400) < 0.80))
        n_missed += not found.low <= 0.05 <= found.high
    assert n_missed <= 20


def test_what_is_missing_falls_with_the_root_of_n():
    assert n_missing(Interval(0.0, -0.04, 0.04, 100), 0.02) == 300
    assert n_missing(Interval(0.02, -0.02, 0.06, 100), 0.02) == 1
    assert n_missing(Interval(-0.02, -0.06, 0.02, 100), 0.02) == 1500
