"""Is a model worse than another on the same works? The difference in precision, with the interval of a paired bootstrap.

Source of the bootstrap: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; both models are judged
on the same draws, so that works which both get right or wrong cancel out.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winnow.core.values import Interval

DRAWS = 2_000
SEED = 20
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model said of n works: whether each was right, and which of them count (were answered, or so tagged)."""

    is_right: NDArray[np.bool_]
    counts: NDArray[np.bool_]


def precision_difference(new: Answers, old: Answers, alpha: float = ALPHA) -> Interval:
    """Precision of `new` minus that of `old` over the same n works, in [-1, 1].

    Where one of both counts no work at all nothing can be said: the interval is all of [-1, 1].
    """
    n = len(new.is_right)
    if not new.counts.any() or not old.counts.any():
        return Interval(0.0, -1.0, 1.0, n)
    draws = np.random.default_rng(SEED).multinomial(n, np.full(n, 1.0 / n), size=DRAWS).astype(np.float64)
    gains = _precision(new, draws) - _precision(old, draws)
    gains = gains[np.isfinite(gains)]
    value = float(new.is_right[new.counts].mean() - old.is_right[old.counts].mean())
    if not len(gains):
        return Interval(value, -1.0, 1.0, n)
    low, high = np.quantile(gains, [alpha / 2.0, 1.0 - alpha / 2.0])
    return Interval(value, min(value, float(low)), max(value, float(high)), n)


def n_missing(difference: Interval, margin: float) -> int:
    """How many works more would bring the lower end above -`margin`, if the difference stayed what it is.

    The width of an interval falls with the root of n. Where the difference itself is beyond half of the margin, that is
    what is taken for its true value, since nobody can plan for worse.
    """
    room = margin + max(difference.value, -margin / 2.0)
    width = difference.value - difference.low
    return max(1, math.ceil(difference.n * (width / room) ** 2) - difference.n)


def _precision(answers: Answers, draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Precision in each draw (m,), NaN where a draw holds none of the works that count."""
    n_counted = draws @ answers.counts
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((draws @ (answers.is_right & answers.counts)) / n_counted, dtype=np.float64)
