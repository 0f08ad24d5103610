"""Going on, holding, taking back: what the tests by betting promise, and what they cost."""

from statistics import median

import numpy as np
import pytest

from winnow.core.errors import InputError
from winnow.home import DATA
from winnow.ml.rollout import STAGES, Course, Pair, load_plan, watch_pairs

ALPHA, MARGIN = 0.05, 0.02
AGREED = Pair(0.5)


def stream(rng, n, *, worse, better, neither=0.01, drawn=0.5):
    """Works of which so many are answered worse, or better, by the new model, or wrongly by both in different ways."""
    kinds = rng.choice([1, -1, 0, None], size=n, p=[worse, better, neither, 1 - worse - better - neither])
    is_drawn = rng.random(n) < drawn
    return [
        Pair(drawn) if kind is None or not one else Pair(drawn, True, int(kind))
        for kind, one in zip(kinds, is_drawn, strict=True)
    ]


def watched(pairs):
    return watch_pairs(pairs, margin=MARGIN, alpha=ALPHA)


def test_nothing_seen_holds():
    found = watched([])
    assert (found.course, found.against, found.for_it, found.n_drawn) == (Course.HOLD, 1.0, 1.0, 0)
    assert (found.difference.low, found.difference.high) == (-1.0, 1.0)


def test_a_few_works_are_not_enough_whatever_they_say():
    assert watched([AGREED] * 50).course is Course.HOLD
    assert watched([Pair(0.5, True, 1)] * 3).course is Course.HOLD


def test_many_works_on_which_both_agree_let_it_on():
    found = watched([AGREED] * 800)
    assert (found.course, found.n_drawn) == (Course.GO_ON, 0)
    assert found.difference.low > -MARGIN


def test_a_worse_one_is_taken_back_also_where_it_had_been_let_on():
    assert watched([AGREED] * 1000 + [Pair(0.5, True, 1)] * 10).course is Course.TAKE_BACK


def test_answers_that_nobody_gave_count_against_what_is_to_be_shown():
    unknown = [Pair(0.5, True, None)] * 20
    assert watched(unknown).course is Course.HOLD
    assert watched([*[AGREED] * 200, *unknown]).for_it >= watched([*[AGREED] * 200]).for_it
    assert watched([*unknown, *[AGREED] * 400]).course is Course.HOLD
    assert watched([*unknown, *[Pair(0.5, True, 1)] * 8]).course is Course.HOLD


def test_the_estimate_weighs_each_answer_by_its_probability():
    pairs = [Pair(0.25, True, 1), *[Pair(0.25)] * 19]
    assert watched(pairs).difference.value == pytest.approx(-4 / 20)


def test_the_estimate_is_without_bias_and_its_interval_holds():
    rng = np.random.default_rng(1)
    found = [watched(stream(rng, 600, worse=0.05, better=0.02)).difference for _ in range(60)]
    assert np.mean([one.value for one in found]) == pytest.approx(-0.03, abs=0.006)
    assert sum(one.low <= -0.03 <= one.high for one in found) >= 57


def test_a_model_that_is_no_worse_is_hardly_ever_taken_back():
    rng = np.random.default_rng(2)
    ends = [watched(stream(rng, 2000, worse=0.04, better=0.04)).course for _ in range(100)]
    assert ends.count(Course.TAKE_BACK) <= 10


def test_a_model_worse_by_the_margin_is_hardly_ever_let_on():
    rng = np.random.default_rng(3)
    let_on = [watched(stream(rng, 1000, worse=0.05, better=0.03)).for_it >= 1 / ALPHA for _ in range(100)]
    assert sum(let_on) <= 10


def test_five_points_are_found_with_few_answers():
    rng = np.random.default_rng(4)
    spent = []
    for _ in range(20):
        pairs = stream(rng, 3000, worse=0.075, better=0.025)
        ends = next(n for n in range(50, 3000, 50) if watched(pairs[:n]).course is Course.TAKE_BACK)
        spent.append(sum(pair.is_drawn for pair in pairs[:ends]))
    assert median(spent) <= 200


@pytest.mark.parametrize("pairs", [[Pair(0.0)], [Pair(1.5)]])
def test_a_probability_that_is_none_is_refused(pairs):
    with pytest.raises(ValueError, match="above 0"):
        watched(pairs)
    with pytest.raises(ValueError, match="above 0"):
        watch_pairs([], margin=0.0, alpha=ALPHA)


def test_the_plan_that_ships_leads_to_champion():
    plan = load_plan(DATA / "rollout.toml")
    assert [stage.name for stage in plan.stages] == list(STAGES)
    assert (plan.after("shadow"), plan.after("ab")) == ("staff", "champion")
    assert [plan.stage(name).share for name in ("shadow", "canary", "ab")] == [1.0, 0.1, 0.5]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("alpha = 0.05", "alpha = 2", "alpha: is a number above 0"),
        ("alpha = 0.05", "alpha = true", "alpha"),
        ('name = "staff"', 'name = "stuff"', "in this order"),
        ("works = 200", 'works = "many"', "works"),
        ("alpha = 0.05", "alpha =", "cannot be read"),
    ],
)
def test_a_plan_with_a_fault_says_where(tmp_path, old, new, words):
    path = tmp_path / "rollout.toml"
    path.write_text((DATA / "rollout.toml").read_text().replace(old, new))
    with pytest.raises(InputError, match=words):
        load_plan(path)
