"""Scorecards: every figure with its n, counted by hand so that nothing hides in a library's defaults."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from winnow.core.values import Classification, Example, Scorecard
from winnow.ml.calibration import calibration_interval, reliability_bins
from winnow.ml.confusion import as_numbers, confusion, intervals, overall, per_class
from winnow.ml.slices import slice_rows

CURVE_POINTS = 100


def evaluate(answers: Sequence[Classification], examples: Sequence[Example], classes: Sequence[str]) -> Scorecard:
    """The scorecard of answers to examples, row by row.

    Precision, recall and f1 are weighted by the number of examples of each class, as scikit-learn does with
    `average="weighted", zero_division=0`. Every row counts in `n`. An abstention is an answer that is never right: it
    lowers recall, f1 and accuracy, and is in no precision's denominator, since it claims no class.
    Intervals are at 95 %: see `confusion.intervals`.
    """
    truth = [example.tag for example in examples]
    said = [answer.tag for answer in answers]
    counts = confusion(truth, said, classes)
    confidences = np.array([answer.confidence for answer in answers], dtype=np.float64)
    is_right = np.array([meant == answered for meant, answered in zip(truth, said, strict=True)], dtype=bool)
    is_answered = np.array([tag is not None for tag in said], dtype=bool)
    error = calibration_interval(confidences[is_answered], is_right[is_answered])
    figures = per_class(counts)
    return Scorecard(
        n=len(truth),
        overall=as_numbers(overall(counts)),
        per_tag={tag: {name: float(row[i]) for name, row in figures.items()} for i, tag in enumerate(classes)},
        slices=_slices(answers, examples, classes),
        coverage_curve=coverage_curve(confidences, is_right, is_answered),
        calibration={
            "ece": error.value,
            "low": error.low,
            "high": error.high,
            "n": error.n,
            "bins": reliability_bins(confidences[is_answered], is_right[is_answered]),
        },
        intervals={**intervals(counts, classes), "ece": error},
        confusion={
            tag: {name: int(counts[row, place]) for place, name in enumerate((*classes, ""))}
            for row, tag in enumerate(classes)
        },
    )


def coverage_curve(
    confidences: NDArray[np.float64], is_right: NDArray[np.bool_], is_answered: NDArray[np.bool_]
) -> tuple[dict[str, float], ...]:
    """Share kept, and share right of what is kept, at thresholds that occur, highest first; at most 100 points.

    Abstentions are never kept, and count in what coverage is a share of.
    """
    order = np.argsort(-confidences[is_answered], kind="stable")
    ranked, right = confidences[is_answered][order], np.cumsum(is_right[is_answered][order])
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], [True])[: len(ranked)])
    if len(ends) > CURVE_POINTS:
        ends = ends[np.linspace(0, len(ends) - 1, CURVE_POINTS).round().astype(int)]
    return tuple(
        {
            "coverage": (row + 1) / len(confidences),
            "precision": float(right[row]) / (row + 1),
            "threshold": float(ranked[row]),
            "n": float(row + 1),
        }
        for row in ends.tolist()
    )


def _slices(
    answers: Sequence[Classification], examples: Sequence[Example], classes: Sequence[str]
) -> dict[str, dict[str, float]]:
    rows = slice_rows([example.facts for example in examples], classes)
    return {name: _slice(rows[name], answers, examples, classes) for name in sorted(rows)}


def _slice(
    rows: Sequence[int], answers: Sequence[Classification], examples: Sequence[Example], classes: Sequence[str]
) -> dict[str, float]:
    said = [answers[row].tag for row in rows]
    counts = confusion([examples[row].tag for row in rows], said, classes)
    n_answered = sum(tag is not None for tag in said)
    return {**as_numbers(overall(counts)), "answered": n_answered / len(rows), "n": float(len(rows))}
