"""Drift: found where there is some, rarely where there is none, also where the works of a day resemble one another."""

import numpy as np
import pytest

from winnow.ml.drift import (
    BUDGET,
    DAY,
    YEAR,
    Days,
    compare_kinds,
    compare_values,
    compare_vectors,
    spending,
    suffices,
)

ALPHA = 0.01


def days(n_days=63, n_a_day=8, now=7):
    return Days(np.repeat(np.arange(n_days), n_a_day), n_days - now)


@pytest.fixture
def generator():
    return np.random.default_rng(11)


def kinds(generator, given, share):
    """English but for a share of each side: (before, now)."""
    rates = np.where(given.is_now, share[1], share[0])
    return np.where(generator.random(len(rates)) < rates, "de", "en").tolist()


def test_another_language_is_found_and_said(generator):
    given = days()
    found = compare_kinds(kinds(generator, given, (0.02, 0.4)), given, alpha=ALPHA, seed=1)
    assert found.p_value <= ALPHA
    assert (found.n_before, found.n_now) == (448, 56)
    assert " before, " in found.says
    assert found.statistic > 0.05


def test_longer_texts_are_found(generator):
    given = days()
    lengths = generator.normal(100, 20, len(given.of_work)) + np.where(given.is_now, 30, 0)
    found = compare_values(lengths.tolist(), given, alpha=ALPHA, seed=1)
    assert found.p_value <= ALPHA
    assert found.says.startswith("median ")


def test_values_that_only_new_works_have_are_found():
    given = days()
    assert compare_values(given.is_now.astype(float).tolist(), given, alpha=ALPHA, seed=1).p_value <= ALPHA


def test_other_vectors_are_told_apart(generator):
    given = days()
    vectors = generator.normal(size=(len(given.of_work), 40))
    vectors[given.is_now, :3] += 0.8
    found = compare_vectors(vectors, given, alpha=ALPHA, seed=1)
    assert found.p_value <= ALPHA
    assert float(found.says.split()[-1]) > 0.6


@pytest.mark.parametrize("measure", ["kinds", "values", "vectors"])
def test_days_of_their_own_are_no_drift(generator, measure):
    alarms = 0
    for run in range(120):
        given = days(35, 6)
        mood = generator.normal(size=35)[given.of_work]
        noise = generator.normal(size=len(mood))
        if measure == "kinds":
            found = compare_kinds(np.where(mood + noise > 1, "a", "b").tolist(), given, alpha=0.05, seed=run)
        elif measure == "values":
            found = compare_values((mood + noise).tolist(), given, alpha=0.05, seed=run)
        else:
            vectors = generator.normal(size=(len(mood), 20)) + mood[:, None]
            found = compare_vectors(vectors, given, alpha=0.05, seed=run)
        alarms += found.p_value <= 0.05
    assert alarms <= 14


def test_a_plain_answer_takes_few_shuffles_and_the_same_seed_gives_the_same(generator):
    given = days()
    same = kinds(generator, given, (0.3, 0.3))
    first, second = (compare_kinds(same, given, alpha=0.001, seed=3) for _ in range(2))
    assert first == second
    assert first.n_shuffles < 10_000


def test_what_never_varies_is_no_drift():
    given = days()
    assert compare_kinds(["en"] * len(given.of_work), given, alpha=ALPHA, seed=1).p_value == 1.0
    assert compare_values([0.5] * len(given.of_work), given, alpha=ALPHA, seed=1).p_value == 1.0
    assert compare_vectors(np.ones((len(given.of_work), 5)), given, alpha=ALPHA, seed=1).p_value == 1.0


def test_too_few_days_or_works_are_not_compared():
    assert suffices(days())
    assert not suffices(days(now=3))
    assert not suffices(days(n_days=15, now=7))
    assert not suffices(days(n_a_day=1, now=7))


def test_a_year_of_looks_spends_the_budget_and_no_more():
    assert 52 * 6 * spending(7 * DAY, 6) == pytest.approx(BUDGET / 2 * 52 * 7 * DAY / YEAR)
    assert spending(900 * DAY, 1) == spending(30 * DAY, 1)
    assert spending(-5, 1) == 0
