"""Confidence means probability: temperature scaling, and how far from the truth it is.

Sources: Guo et al. 2017 (arXiv 1706.04599); Naeini et al. 2015 for the expected calibration error.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from winnow.core.intervals import clopper_pearson
from winnow.core.values import Interval

BINS = 10
_SMALLEST = 1e-12
_COLDEST, _HOTTEST = 0.05, 20.0


def fit_temperature(probabilities: NDArray[np.float64], places: Sequence[int]) -> float:
    """The temperature that makes rows (n, k) likeliest, `places` being the column that is right.

    The log-likelihood is convex in the inverse temperature, so a golden-section search finds the one minimum.
    """
    logs = np.log(np.maximum(probabilities, _SMALLEST))
    right = np.asarray(places)

    def loss(inverse: float) -> float:
        scores = logs * inverse
        return float(np.mean(np.logaddexp.reduce(scores, axis=1) - scores[np.arange(len(right)), right]))

    low, high = 1.0 / _HOTTEST, 1.0 / _COLDEST
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    for _ in range(60):
        left, mid = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, mid) if loss(left) < loss(mid) else (left, high)
    return round(float(2.0 / (low + high)), 6)


def expected_calibration_error(confidences: NDArray[np.float64], is_right: NDArray[np.bool_]) -> float:
    """Mean distance of confidence from the share that is right, over ten bins of equally many rows. 0 without rows."""
    parts = _parts(confidences)
    gaps = [abs(float(confidences[part].mean() - is_right[part].mean())) * len(part) for part in parts]
    return sum(gaps) / max(len(confidences), 1)


def reliability_bins(confidences: NDArray[np.float64], is_right: NDArray[np.bool_]) -> tuple[dict[str, float], ...]:
    """What `expected_calibration_error` sums over: of each bin the mean confidence, its range, and the share right.

    `low` and `high` are the exact 95 % interval of the share; `n` rows are in the bin. Least sure first.
    """
    bins = []
    for part in _parts(confidences):
        own, share = confidences[part], clopper_pearson(int(is_right[part].sum()), len(part))
        bins.append(
            {
                "confidence": float(own.mean()),
                "from": float(own.min()),
                "to": float(own.max()),
                "accuracy": share.value,
                "low": share.low,
                "high": share.high,
                "n": float(share.n),
            }
        )
    return tuple(bins)


def _parts(confidences: NDArray[np.float64]) -> list[NDArray[np.intp]]:
    """Rows by confidence, in ten parts of equally many; none without rows."""
    order = np.argsort(confidences, kind="stable")
    return np.array_split(order, min(BINS, len(order))) if len(order) else []


def calibration_interval(
    confidences: NDArray[np.float64], is_right: NDArray[np.bool_], *, draws: int = 500, seed: int = 0
) -> Interval:
    """The expected calibration error with its 95 % interval: percentiles of the bootstrap over rows.

    A resample lies further from calibration than its sample, so that the interval leans upwards.
    """
    n = len(confidences)
    value = expected_calibration_error(confidences, is_right)
    if n == 0:
        return Interval(0.0, 0.0, 1.0, 0)
    random = np.random.default_rng(seed)
    rows = [random.integers(n, size=n) for _ in range(draws)]
    drawn = [expected_calibration_error(confidences[row], is_right[row]) for row in rows]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(value, min(value, float(low)), max(value, float(high)), n)
