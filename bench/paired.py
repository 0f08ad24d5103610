"""Figures of answers, and the difference between two sets of answers to the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winnow.core.intervals import clopper_pearson
from winnow.core.values import Classification, Example, Interval
from winnow.ml.calibration import calibration_interval
from winnow.ml.confusion import confusion, intervals

DRAWS = 2_000
KEPT = 0.9
PRECISION = 0.95
Figures = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """For each row its confidence and whether the answer was right; `n_kept` of them are the surest 90 %."""

    confidence: NDArray[np.float64]
    is_right: NDArray[np.bool_]

    def accuracy(self) -> float:
        """The share that is right."""
        return float(self.is_right.mean())

    def surest(self) -> NDArray[np.bool_]:
        """Whether right, of the surest 90 %; of equally sure ones the first."""
        order = np.argsort(-self.confidence, kind="stable")
        return np.asarray(self.is_right[order][: round(len(order) * KEPT)])

    def coverage(self) -> float:
        """The largest share of rows, surest first, of which 95 % are right."""
        order = np.argsort(-self.confidence, kind="stable")
        shares = np.cumsum(self.is_right[order]) / np.arange(1, len(order) + 1)
        reached = np.flatnonzero(shares >= PRECISION)
        return float(reached[-1] + 1) / len(order) if len(reached) else 0.0

    def at(self, rows: NDArray[np.int_]) -> "Outcome":
        """Some of the rows, in another order or more than once."""
        return Outcome(self.confidence[rows], self.is_right[rows])

    def signed(self) -> list[float]:
        """One number a row: the confidence, negative where the answer is wrong."""
        return [float(value) for value in np.where(self.is_right, self.confidence, -self.confidence)]


def outcome(answers: Sequence[Classification], examples: Sequence[Example]) -> Outcome:
    """What became of each answer; an abstention is wrong, and the least sure."""
    return Outcome(
        np.array([answer.confidence for answer in answers]),
        np.array([answer.tag == example.tag for answer, example in zip(answers, examples, strict=True)]),
    )


def summary(answers: Sequence[Classification], examples: Sequence[Example], tags: Sequence[str]) -> Figures:
    """Each figure with n and a 95 % interval.

    Exact binomial for accuracy and the surest 90 %; bootstrap over rows for weighted precision, for the coverage at
    which 95 % are right, and for the calibration error.
    """
    result = outcome(answers, examples)
    counts = confusion([e.tag for e in examples], [a.tag for a in answers], tags)
    kept, is_answered = result.surest(), np.array([a.tag is not None for a in answers])
    figures = {
        "accuracy": clopper_pearson(int(result.is_right.sum()), len(result.is_right)),
        "precision": intervals(counts, tags)["precision"],
        "precision at 90 %": clopper_pearson(int(kept.sum()), len(kept)),
        "coverage at .95": _bootstrapped(result),
        "calibration error": calibration_interval(result.confidence[is_answered], result.is_right[is_answered]),
    }
    return {name: plain(interval) for name, interval in figures.items()}


def differences(after: Outcome, before: Outcome, seed: int = 0) -> Figures:
    """What `after` gains over `before` on the same rows, with the 95 % interval of a paired bootstrap."""
    n, random = len(after.confidence), np.random.default_rng(seed)
    rows = [np.arange(n), *(random.integers(n, size=n) for _ in range(DRAWS))]
    gains = np.array([_gain(after.at(row), before.at(row)) for row in rows])
    low, high = np.quantile(gains[1:], [0.025, 0.975], axis=0)
    return {
        name: plain(Interval(float(gains[0, place]), float(low[place]), float(high[place]), n))
        for place, name in enumerate(("accuracy", "precision at 90 %"))
    }


def plain(interval: Interval) -> dict[str, float]:
    """An interval as JSON."""
    return {
        "value": round(interval.value, 4),
        "low": round(interval.low, 4),
        "high": round(interval.high, 4),
        "n": interval.n,
    }


def _gain(after: Outcome, before: Outcome) -> tuple[float, float]:
    return after.accuracy() - before.accuracy(), float(after.surest().mean() - before.surest().mean())


def _bootstrapped(result: Outcome, draws: int = 500) -> Interval:
    n, random = len(result.confidence), np.random.default_rng(0)
    values = [result.at(random.integers(n, size=n)).coverage() for _ in range(draws)]
    low, high = np.quantile(values, [0.025, 0.975])
    value = result.coverage()
    return Interval(value, min(value, float(low)), max(value, float(high)), n)
