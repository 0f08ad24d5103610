import pytest

from winnow.core.intervals import sample_size
from winnow.core.values import Classification
from winnow.ml.asking import FIRST_LOOK, SUREST_SHARE, audits_of, lead, nearest_rows, risk_of, surest_floor


def answer(confidence):
    return Classification("a", confidence, {"a": confidence, "b": 1 - confidence})


ANSWERS = [answer(confidence) for confidence in (0.9, 0.55, 0.7, 0.6, 0.51)]


def test_the_lead_is_nought_on_the_border():
    assert lead(answer(0.5)) == 0.0
    assert lead(answer(0.75)) == 0.5


def test_the_nearest_rows_are_those_least_ahead_in_their_order():
    assert nearest_rows(ANSWERS, range(5), set(), 3) == [4, 1, 3]
    assert nearest_rows(ANSWERS, range(5), set(), 9) == [4, 1, 3, 2, 0]
    assert nearest_rows(ANSWERS, range(5), set(), 0) == []


def test_of_near_copies_one_is_asked_about_and_none_like_what_was_taught():
    groups = [0, 1, 2, 1, 3]
    assert nearest_rows(ANSWERS, groups, set(), 9) == [4, 1, 2, 0]
    assert nearest_rows(ANSWERS, groups, {1}, 9) == [4, 2, 0]


def test_the_surest_share_is_cut_by_a_confidence_and_equals_stay_together():
    confidences = [0.99 - row / 1_000 for row in range(100)]
    floor = surest_floor(confidences)
    assert sum(one >= floor for one in confidences) == round(SUREST_SHARE * 100)
    assert surest_floor([0.9] * 10) == 0.9
    assert surest_floor([0.4]) == 0.4
    assert surest_floor([]) > 1.0


@pytest.mark.parametrize(("n_labels", "audits"), [(0, 0), (30, 30), (60, 53), (100, 53), (200, 100), (300, 150)])
def test_audits_are_a_share_of_the_labels_but_enough_to_certify(n_labels, audits):
    assert sample_size(2, 0.9, 0.096) == 53
    assert audits_of(n_labels, 0.9, 0.1) == audits


@pytest.mark.parametrize("delta", [0.05, 0.1])
def test_all_looks_together_never_take_more_than_the_risk(delta):
    taken = []
    for _ in range(50):
        taken.append(risk_of(delta, taken))
    assert taken[0] == FIRST_LOOK * delta
    assert sorted(taken, reverse=True) == taken
    assert sum(taken) <= delta
    assert risk_of(delta, [delta * 2]) == 0.0
