"""The figures that benchmarks of classifiers report."""

import sys
from pathlib import Path

import numpy as np
import pytest

from winnow.core.values import Classification, Document, Example

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from paired import Outcome, differences, outcome, summary

TAGS = ("a", "b")


def said(tag, confidence):
    return Classification(tag, confidence, {"a": 0.5, "b": 0.5})


def made(confidence, is_right):
    return Outcome(np.array(confidence), np.array(is_right))


def test_an_abstention_is_wrong_and_least_sure():
    rows = [Example(Document("x"), "a"), Example(Document("y"), "b")]
    result = outcome([said("a", 0.9), said(None, 0.0)], rows)
    assert (result.is_right.tolist(), result.confidence.tolist()) == ([True, False], [0.9, 0.0])
    assert result.signed() == [0.9, 0.0]


def test_the_surest_are_nine_tenths_by_confidence():
    result = made(np.linspace(1.0, 0.1, 10), [True] * 9 + [False])
    assert result.accuracy() == pytest.approx(0.9)
    assert result.surest().tolist() == [True] * 9


def test_coverage_is_the_most_that_holds_the_precision():
    assert made(np.linspace(1.0, 0.1, 40), [True] * 20 + [False] + [True] * 17 + [False] * 2).coverage() == 38 / 40
    assert made([0.9, 0.8], [False, False]).coverage() == 0.0


def test_equal_answers_gain_nothing():
    one = made(np.linspace(0.5, 1.0, 50), np.arange(50) % 3 > 0)
    gains = differences(one, one)
    assert set(gains) == {"accuracy", "precision at 90 %"}
    assert all((gain["value"], gain["low"], gain["high"], gain["n"]) == (0.0, 0.0, 0.0, 50) for gain in gains.values())


def test_a_gain_on_every_row_is_beyond_noise():
    confidence = np.linspace(0.5, 1.0, 60)
    better, worse = made(confidence, np.arange(60) % 10 > 0), made(confidence, np.arange(60) % 2 > 0)
    gain = differences(better, worse)["accuracy"]
    assert gain["value"] == pytest.approx(0.4)
    assert 0.0 < gain["low"] < 0.4 < gain["high"]


def test_a_summary_carries_n_and_an_interval_for_each_figure():
    rows = [Example(Document(str(row)), TAGS[row % 2]) for row in range(20)]
    figures = summary([said(TAGS[row % 2], 0.9 - row / 100) for row in range(20)], rows, TAGS)
    assert list(figures) == ["accuracy", "precision", "precision at 90 %", "coverage at .95", "calibration error"]
    assert figures["accuracy"]["value"] == 1.0
    assert all(one["low"] <= one["value"] <= one["high"] for one in figures.values())
    assert figures["precision at 90 %"]["n"] == 18
