"""From features to probabilities: a softmax over one linear score a class, computed row by row.

No matrix product of a whole batch: BLAS adds in another order for another number of rows.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from winnow.core.values import Classification
from winnow.ml.sparse import SparseRows

Floats = NDArray[np.float64]


def softmax(scores: Sequence[float], temperature: float = 1.0) -> list[float]:
    """Probabilities of scores divided by a temperature.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    top = max(scores)
    powers = [math.exp((score - top) / temperature) for score in scores]
    total = math.fsum(powers)
    return [power / total for power in powers]


def answer(
    classes: Sequence[str], probabilities: Sequence[float], *, abstains: bool = False, reasons: tuple[str, ...] = ()
) -> Classification:
    """The Classification of one row: its likeliest class (the first of equals), or no tag where it abstains."""
    confidence = max(probabilities)
    tag = None if abstains else classes[probabilities.index(confidence)]
    shares = dict(zip(classes, probabilities, strict=True))
    return Classification(tag, 0.0 if abstains else confidence, shares, reasons)


@dataclass(frozen=True, slots=True)
class Head:
    """A fitted linear head: `coef` (d, k) with one row a feature, `intercept` (k,), `temperature` above 0."""

    coef: Floats
    intercept: Floats
    temperature: float = 1.0

    def __post_init__(self) -> None:
        if self.coef.ndim != 2 or self.intercept.shape != (self.coef.shape[1],):
            raise ValueError(f"coef {self.coef.shape} and intercept {self.intercept.shape} do not fit")
        if not self.temperature > 0.0:
            raise ValueError(f"temperature {self.temperature} is not above 0")

    def dense_scores(self, vector: NDArray[np.floating]) -> Floats:
        """Scores (k,) of the leading features, which are all given; without the intercept."""
        scores: Floats = np.add.reduce(vector[:, None] * self.coef[: len(vector)], axis=0)
        return scores

    def sparse_scores(self, features: SparseRows) -> Floats:
        """Scores (n, k) of the few features that are not zero; without the intercept."""
        return features.sums(self.coef)

    def row_scores(self, columns: Sequence[int], values: Sequence[float]) -> list[float]:
        """The same (k,) for one row alone, added in the same order."""
        scores = [0.0] * self.coef.shape[1]
        for column, value in zip(columns, values, strict=True):
            weights = self.coef[column].tolist()
            scores = [score + value * weight for score, weight in zip(scores, weights, strict=True)]
        return scores

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """All numbers of it, by name."""
        return {"coef": self.coef, "intercept": self.intercept, "temperature": np.array(self.temperature)}

    @classmethod
    def restore(cls, arrays: Mapping[str, NDArray[np.float64]]) -> Self:
        """The head that had these arrays."""
        return cls(arrays["coef"], arrays["intercept"], float(arrays["temperature"]))

    def probabilities(self, scores: Floats) -> list[list[float]]:
        """Probabilities of each row of summed scores (n, k)."""
        return [softmax(row, self.temperature) for row in (scores + self.intercept).tolist()]

    def row_probabilities(self, scores: Sequence[float]) -> list[float]:
        """The same for one row alone."""
        return softmax(
            [score + more for score, more in zip(scores, self.intercept.tolist(), strict=True)], self.temperature
        )
