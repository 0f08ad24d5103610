import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from winnow.ml.calibration import calibration_interval, expected_calibration_error, fit_temperature, reliability_bins
from winnow.ml.head import softmax


def drawn(temperature, n=4_000, seed=1):
    """Scores, and labels drawn from the probabilities that the scores have at a temperature."""
    random = np.random.default_rng(seed)
    scores = random.normal(size=(n, 3)) * 2
    truth = [int(random.choice(3, p=softmax(row.tolist(), temperature))) for row in scores]
    return np.array([softmax(row.tolist()) for row in scores]), truth


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_temperature_is_found_again(temperature):
    probabilities, truth = drawn(temperature)
    assert fit_temperature(probabilities, truth) == pytest.approx(temperature, rel=0.1)


def test_temperature_is_the_minimum_that_scipy_finds():
    probabilities, truth = drawn(1.7, n=300)
    logs, rows = np.log(probabilities), np.arange(300)

    def loss(temperature):
        return float(np.mean(np.logaddexp.reduce(logs / temperature, axis=1) - logs[rows, truth] / temperature))

    theirs = minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-6}).x
    assert fit_temperature(probabilities, truth) == pytest.approx(theirs, abs=1e-3)


def test_temperature_is_bounded_where_everything_is_right_or_wrong():
    sure = np.array([[0.9, 0.1]] * 20)
    assert fit_temperature(sure, [0] * 20) == pytest.approx(0.05)
    assert fit_temperature(sure, [1] * 20) == pytest.approx(20.0)
    assert fit_temperature(np.array([[1.0, 0.0], [0.0, 1.0]]), [0, 0]) > 1.0


def test_error_of_the_calibrated_is_small_and_of_the_overconfident_large():
    random = np.random.default_rng(0)
    confidences = random.uniform(0.3, 1.0, size=5_000)
    right = random.uniform(size=5_000) < confidences
    assert expected_calibration_error(confidences, right) < 0.03
    assert expected_calibration_error(confidences, random.uniform(size=5_000) < confidences - 0.2) == pytest.approx(
        0.2, abs=0.03
    )


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
def test_error_lies_between_0_and_1_and_has_its_value_in_the_interval(rows):
    confidences, right = np.array([c for c, _ in rows]), np.array([r for _, r in rows], dtype=bool)
    interval = calibration_interval(confidences, right, draws=20)
    assert 0.0 <= interval.low <= interval.value <= interval.high <= 1.0
    assert interval.n == len(rows)


def test_error_of_a_single_bin_is_the_distance_of_the_means():
    assert expected_calibration_error(np.array([0.8]), np.array([True])) == pytest.approx(0.2)
    assert expected_calibration_error(np.array([]), np.array([], dtype=bool)) == 0.0


def test_interval_is_the_same_for_the_same_seed():
    confidences, right = np.linspace(0.5, 1, 50), np.arange(50) % 3 > 0
    assert calibration_interval(confidences, right) == calibration_interval(confidences, right)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60))
def test_bins_hold_every_row_once_and_their_distances_are_the_error(rows):
    confidences, right = np.array([c for c, _ in rows]), np.array([r for _, r in rows], dtype=bool)
    bins = reliability_bins(confidences, right)
    n = sum(part["n"] for part in bins)
    assert (n, len(bins)) == (len(rows), min(10, len(rows)))
    error = sum(abs(part["confidence"] - part["accuracy"]) * part["n"] for part in bins) / max(n, 1)
    assert error == pytest.approx(expected_calibration_error(confidences, right))
    for part in bins:
        assert part["from"] - 1e-9 <= part["confidence"] <= part["to"] + 1e-9
        assert part["low"] <= part["accuracy"] <= part["high"]
    assert [part["to"] for part in bins] == sorted(part["to"] for part in bins)
