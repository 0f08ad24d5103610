import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.values import Classification, Document, Example
from winnow.ml.evaluate import coverage_curve, evaluate

CLASSES = ("a", "b")


def said(tag, confidence):
    return Classification(tag, confidence, {})


EXAMPLES = [
    Example(Document("one", "with words"), "a"),
    Example(Document("two"), "a"),
    Example(Document("three"), "b"),
    Example(Document("four"), "b"),
]
ANSWERS = [said("a", 0.9), said("b", 0.6), said("b", 0.8), said(None, 0.0)]


def test_every_row_counts_and_an_abstention_is_never_right():
    card = evaluate(ANSWERS, EXAMPLES, CLASSES)
    assert card.n == 4
    assert card.overall == {"precision": 0.75, "recall": 0.5, "f1": pytest.approx(7 / 12), "accuracy": 0.5}
    assert card.per_tag["a"] == {"precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3), "n": 2.0}
    assert card.per_tag["b"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "n": 2.0}


def test_calibration_is_measured_on_what_was_answered():
    card = evaluate(ANSWERS, EXAMPLES, CLASSES)
    assert card.calibration["n"] == 3
    assert card.calibration["ece"] == pytest.approx((0.1 + 0.6 + 0.2) / 3)
    assert card.intervals["ece"].value == card.calibration["ece"]
    assert card.intervals["accuracy"].n == 4


def test_bins_and_confusion_count_what_the_card_sums_up():
    card = evaluate(ANSWERS, EXAMPLES, CLASSES)
    assert [(part["n"], part["accuracy"]) for part in card.calibration["bins"]] == [(1.0, 0.0), (1.0, 1.0), (1.0, 1.0)]
    assert card.confusion == {"a": {"a": 1, "b": 1, "": 0}, "b": {"a": 0, "b": 1, "": 1}}


def test_slices_are_subsets_of_the_input():
    card = evaluate(ANSWERS, EXAMPLES, CLASSES)
    third = pytest.approx(1 / 3)
    figures = {"precision": third, "recall": third, "f1": third, "accuracy": third}
    assert card.slices["without a description"] == {**figures, "answered": pytest.approx(2 / 3), "n": 3.0}
    assert card.slices["with a description"]["accuracy"] == 1.0
    assert list(card.slices) == sorted(card.slices)


def test_curve_goes_down_the_thresholds_that_occur():
    card = evaluate(ANSWERS, EXAMPLES, CLASSES)
    assert card.coverage_curve == (
        {"coverage": 0.25, "precision": 1.0, "threshold": 0.9, "n": 1.0},
        {"coverage": 0.5, "precision": 1.0, "threshold": 0.8, "n": 2.0},
        {"coverage": 0.75, "precision": pytest.approx(2 / 3), "threshold": 0.6, "n": 3.0},
    )


def curve(rows):
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    confidences, right, answered = (np.array(list(column)) for column in columns)
    return coverage_curve(confidences.astype(float), right.astype(bool), answered.astype(bool))


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.booleans()), max_size=300))
def test_curve_has_few_points_and_each_is_what_a_threshold_keeps(rows):
    points = curve(rows)
    answered = [row for row in rows if row[2]]
    assert len(points) <= 100
    assert [point["threshold"] for point in points] == sorted({point["threshold"] for point in points}, reverse=True)
    for point in points:
        kept = [right for confidence, right, _ in answered if confidence >= point["threshold"]]
        assert point["n"] == len(kept)
        assert point["coverage"] == pytest.approx(len(kept) / len(rows))
        assert point["precision"] == pytest.approx(sum(kept) / len(kept))
    if answered:
        assert points[-1]["n"] == len(answered)


def test_long_curve_is_thinned_and_keeps_both_ends():
    points = curve([(number / 1_000, True, True) for number in range(1_000)])
    assert len(points) == 100
    assert (points[0]["n"], points[-1]["n"]) == (1.0, 1_000.0)


def test_no_rows_make_an_empty_card():
    card = evaluate([], [], CLASSES)
    assert (card.n, card.slices, card.coverage_curve) == (0, {}, ())
    assert card.overall == dict.fromkeys(("precision", "recall", "f1", "accuracy"), 0.0)
