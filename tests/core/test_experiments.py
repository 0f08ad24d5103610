"""What varies, what is counted, and who is on which side."""

from collections import Counter

import pytest

from winnow.core.experiments import GUARDED, KNOBS, OUTCOMES, Arm, Tally, arm_at, place_of, tallies
from winnow.core.intervals import clopper_pearson


def test_a_place_is_always_the_same_and_another_in_each_experiment():
    assert place_of("account:1", "one") == place_of("account:1", "one")
    assert len({place_of(key, name) for key in ("account:1", "account:2") for name in ("one", "two")}) == 4


@pytest.mark.parametrize("share", [1.0, 0.2])
def test_the_share_takes_part_half_of_it_on_each_side(share):
    n = 20_000
    sides = Counter(arm_at(place_of(f"account:{number}", "even"), share) for number in range(n))
    for arm, expected in ((Arm.CONTROL, share / 2), (Arm.VARIANT, share / 2), (Arm.NONE, 1 - share)):
        found = clopper_pearson(sides[arm], n, 0.001)
        assert found.low <= expected <= found.high


def test_the_sides_of_two_experiments_have_nothing_to_do_with_each_other():
    n = 10_000
    same = sum(
        arm_at(place_of(str(number), "one"), 1.0) == arm_at(place_of(str(number), "two"), 1.0) for number in range(n)
    )
    found = clopper_pearson(same, n, 0.001)
    assert found.low <= 0.5 <= found.high


def test_each_knob_says_what_both_sides_see_and_turns_nothing_on_the_control_side():
    for name, knob in KNOBS.items():
        assert (knob.name, knob.factor(Arm.CONTROL), knob.factor(Arm.NONE)) == (name, 1.0, 1.0)
        assert knob.factor(Arm.VARIANT) != 1.0
        assert len({knob.varies, knob.control, knob.variant}) == 3


def test_reports_alone_are_harm_and_guards_are_outcomes():
    assert [one.name for one in OUTCOMES.values() if one.is_harm] == ["report"]
    assert set(GUARDED) < set(OUTCOMES)


def test_nobody_counts_for_more_than_one():
    counts = {("control", "reader"): 3, ("control", "save"): 5, ("variant", "reader"): 4}
    assert list(tallies(counts, "save")) == [Tally(3, 3), Tally(4, 0)]
