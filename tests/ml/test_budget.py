"""Error budgets: burnt by proof, rarely by chance, and where a higher threshold is proved."""

import numpy as np
import pytest

from winnow.ml.budget import STEPS, budget_of, raised_threshold


def test_nothing_is_spent_without_audits():
    found = budget_of([], target=0.9, alpha=0.05)
    assert (found.spent, found.n, found.is_burnt) == (0.0, 0, False)


def test_as_many_errors_as_are_allowed_spend_it_and_do_not_burn_it():
    found = budget_of([n % 10 == 9 for n in range(100)], target=0.9, alpha=0.01)
    assert (found.wrong, found.n, found.is_burnt) == (10, 100, False)
    assert found.spent == pytest.approx(1.0)


def test_errors_that_prove_more_burn_it_and_it_stays_burnt():
    wrong = [True] * 12
    assert budget_of(wrong, target=0.9, alpha=0.01).is_burnt
    assert budget_of(wrong + [False] * 300, target=0.9, alpha=0.01).is_burnt


def test_a_tag_that_keeps_its_promise_is_rarely_burnt_however_often_one_looks():
    generator = np.random.default_rng(5)
    burnt = [budget_of((generator.random(400) < 0.1).tolist(), target=0.9, alpha=0.05).is_burnt for _ in range(200)]
    assert sum(burnt) / 200 <= 0.08


def test_the_threshold_rises_to_the_lowest_that_is_proved():
    sure = np.linspace(0.6, 1.0, 400)
    wrong = (sure < 0.8).tolist()
    found = raised_threshold(sure.tolist(), wrong, above=0.6, target=0.9, alpha=0.01)
    assert found == pytest.approx(0.6 + 0.4 * 4 / STEPS)


def test_where_the_surest_are_wrong_or_too_few_nothing_is_proved():
    sure = np.linspace(0.6, 1.0, 400).tolist()
    assert raised_threshold(sure, [value > 0.95 for value in sure], above=0.6, target=0.9, alpha=0.01) is None
    assert raised_threshold(sure[::40], [False] * 10, above=0.6, target=0.9, alpha=0.01) is None
    assert raised_threshold([], [], above=0.6, target=0.9, alpha=0.01) is None
