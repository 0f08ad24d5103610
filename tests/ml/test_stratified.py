import math
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.intervals import clopper_pearson
from winnow.core.values import Interval
from winnow.ml.stratified import (
    Drawn,
    Stratum,
    draw_audit,
    hajek_precision,
    horvitz_thompson,
    neyman_allocation,
    safe_precision,
    stratified_precision,
)

Z = 1.959963984540054
SIZES = st.dictionaries(st.sampled_from("abcde"), st.integers(1, 300), min_size=1)


def test_the_estimate_weighs_strata_by_size_and_corrects_for_finite_ones():
    strata = [Stratum("sure", 800, 40, 1), Stratum("unsure", 200, 20, 4)]
    error = math.sqrt(0.8**2 * (1 - 40 / 800) * 0.025 * 0.975 / 39 + 0.2**2 * (1 - 20 / 200) * 0.2 * 0.8 / 19)
    found = stratified_precision(strata)
    assert (found.value, found.n) == (pytest.approx(1 - 0.8 * 0.025 - 0.2 * 0.2), 60)
    assert (found.low, found.high) == (pytest.approx(found.value - Z * error), pytest.approx(found.value + Z * error))


def test_what_was_audited_whole_is_known():
    strata = [Stratum("a", 10, 10, 2), Stratum("b", 1, 1, 0)]
    expected = Interval(pytest.approx(9 / 11), pytest.approx(9 / 11), pytest.approx(9 / 11), 11)
    assert stratified_precision(strata) == expected
    assert safe_precision(strata) == expected


def test_a_stratum_with_one_audit_has_no_variance_and_is_named():
    with pytest.raises(ValueError, match="stratum vision: 1 audits; it needs 2"):
        stratified_precision([Stratum("text", 50, 10, 0), Stratum("vision", 50, 1, 0)])


def test_the_safe_interval_sums_exact_ones_at_alpha_over_strata():
    strata = [Stratum("a", 300, 30, 0), Stratum("b", 100, 20, 3)]
    a, b = clopper_pearson(0, 30, 0.025), clopper_pearson(3, 20, 0.025)
    found = safe_precision(strata)
    assert found.value == pytest.approx(1 - 0.25 * 0.15)
    assert (found.low, found.high) == (
        pytest.approx(1 - 0.75 * a.high - 0.25 * b.high),
        pytest.approx(1 - 0.75 * a.low - 0.25 * b.low),
    )


def test_an_unaudited_stratum_may_be_anything():
    found = safe_precision([Stratum("a", 100, 100, 10), Stratum("b", 100, 0, 0)])
    assert found == Interval(pytest.approx(0.9), pytest.approx(0.45), pytest.approx(0.95), 100)
    assert safe_precision([Stratum("a", 5, 0, 0)]) == Interval(1.0, 0.0, 1.0, 0)


def test_nothing_published_is_nothing_to_estimate():
    for estimate in (stratified_precision, safe_precision):
        with pytest.raises(ValueError, match="nothing was published"):
            estimate([])


@pytest.mark.parametrize(("size", "n", "wrong"), [(5, 6, 0), (5, 3, 4), (5, -1, 0)])
def test_counts_that_cannot_be_are_refused(size, n, wrong):
    with pytest.raises(ValueError, match="stratum x"):
        Stratum("x", size, n, wrong)


def test_equal_probabilities_give_the_plain_share():
    outcomes = [True] * 6 + [False] * 24
    found = hajek_precision(outcomes, [0.1] * 30)
    assert (found.value, found.n) == (pytest.approx(0.8), 30)
    assert found.high - found.low == pytest.approx(2 * Z * math.sqrt(0.8 * 0.2 * 0.9 / 30))
    assert horvitz_thompson(outcomes, [0.1] * 30).value == pytest.approx(60)


def test_rare_draws_stand_for_many():
    found = hajek_precision([True, False, False], [0.5, 0.1, 0.2])
    assert found.value == pytest.approx(1 - 2 / 17)
    count = horvitz_thompson([True, False, False], [0.5, 0.1, 0.2])
    assert count == Interval(2.0, 1.0, pytest.approx(2 + Z * math.sqrt(0.5 / 0.25)), 3)


def test_a_census_is_exact():
    assert hajek_precision([True, False], [1.0, 1.0]) == Interval(0.5, 0.5, 0.5, 2)
    assert horvitz_thompson([True, False], [1.0, 1.0]) == Interval(1.0, 1.0, 1.0, 2)
    assert hajek_precision([], []) == Interval(1.0, 0.0, 1.0, 0)


@pytest.mark.parametrize("probability", [0.0, -0.1, 1.1, math.nan])
@pytest.mark.parametrize("estimate", [hajek_precision, horvitz_thompson])
def test_a_probability_that_is_none_is_refused(estimate, probability):
    with pytest.raises(ValueError, match="sampling probability"):
        estimate([True], [probability])


def test_allocation_follows_size_times_deviation():
    sizes = {"sure": 900, "unsure": 900, "small": 90}
    found = neyman_allocation(sizes, {"sure": 0.01, "unsure": 0.2, "small": 0.2}, 200)
    deviations = {"sure": 900 * math.sqrt(0.0099), "unsure": 900 * 0.4, "small": 90 * 0.4}
    total = sum(deviations.values())
    assert sum(found.values()) == 200
    assert all(abs(found[name] - 200 * deviations[name] / total) < 1 for name in sizes)


def test_the_floor_guards_against_a_model_that_is_sure_and_wrong():
    assert neyman_allocation({"sure": 500, "unsure": 500}, {"sure": 0.0, "unsure": 0.3}, 50, floor=10) == {
        "sure": 10,
        "unsure": 40,
    }


@given(SIZES, st.integers(0, 400), st.randoms(use_true_random=False))
def test_allocation_spends_the_budget_within_what_there_is(sizes, budget, generator):
    rates = {name: generator.random() / 2 for name in sizes}
    found = neyman_allocation(sizes, rates, budget)
    floor = sum(min(2, size) for size in sizes.values())
    assert sum(found.values()) == max(floor, min(budget, sum(sizes.values())))
    assert all(min(2, sizes[name]) <= found[name] <= sizes[name] for name in sizes)


def test_a_draw_stores_the_probability_of_each_item():
    strata = {f"a{n}": "a" for n in range(80)} | {f"b{n}": "b" for n in range(20)}
    rates = {"a": 0.05, "b": 0.05}
    drawn = draw_audit(strata, rates, 25, seed=3)
    allocation = neyman_allocation({"a": 80, "b": 20}, rates, 25)
    assert Counter(one.stratum for one in drawn) == allocation
    assert {one.probability for one in drawn if one.stratum == "b"} == {allocation["b"] / 20}
    assert all(strata[one.id] == one.stratum for one in drawn)
    assert len({one.id for one in drawn}) == 25
    assert (
        draw_audit(dict(reversed(strata.items())), rates, 25, seed=3) == drawn != draw_audit(strata, rates, 25, seed=4)
    )


def test_the_estimators_are_unbiased_and_their_intervals_cover():
    generator = random.Random(1)
    strata = {f"sure{n}": "sure" for n in range(900)} | {f"unsure{n}": "unsure" for n in range(300)}
    wrong = {item for item, name in strata.items() if generator.random() < (0.03 if name == "sure" else 0.25)}
    truth, rates = 1 - len(wrong) / len(strata), {"sure": 0.05, "unsure": 0.2}
    found = {"stratified": [], "safe": [], "hajek": []}
    for seed in range(300):
        drawn = draw_audit(strata, rates, 150, seed)
        found["stratified"].append(stratified_precision(_tally(drawn, wrong)))
        found["safe"].append(safe_precision(_tally(drawn, wrong)))
        found["hajek"].append(hajek_precision([one.id in wrong for one in drawn], [one.probability for one in drawn]))
    for name, least in (("stratified", 0.90), ("safe", 0.95), ("hajek", 0.90)):
        assert abs(sum(one.value for one in found[name]) / 300 - truth) < 0.005
        assert sum(one.low <= truth <= one.high for one in found[name]) / 300 >= least


def _tally(drawn: list[Drawn], wrong):
    return [
        Stratum(name, size, sum(one.stratum == name for one in drawn), _errors(drawn, name, wrong))
        for name, size in (("sure", 900), ("unsure", 300))
    ]


def _errors(drawn, name, wrong):
    return sum(one.stratum == name and one.id in wrong for one in drawn)
