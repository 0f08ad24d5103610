"""Is the new model better? An interval for the difference of two models on the same items, valid at every look.

Source: Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting (arXiv 2010.09686), the hedged
capital process of its theorem 3 with predictable plug-in bets.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from winnow.core.values import Interval

Floats = NDArray[np.float64]

ALPHA = 0.05
# No bet risks more than this share of the capital at stake, so that a single outcome never ruins it.
MAX_BET = 0.5
CELLS = 2_000


def difference_interval(differences: Sequence[float], alpha: float = ALPHA) -> Interval:
    """The mean difference with an interval that holds at all looks together with probability 1 - alpha.

    A difference is the error of the new model minus that of the old one on an item, in [-1, 1], oldest first: an
    interval below 0 shows that the new one errs less. Raises ValueError for what is outside.
    """
    if not len(differences):
        return Interval(0.0, -1.0, 1.0, 0)
    values = np.asarray(differences, dtype=np.float64)
    if not (np.abs(values) <= 1.0).all():
        raise ValueError("a difference of two errors is between -1 and 1")
    low, high = mean_intervals((values + 1.0) / 2.0, alpha)
    return Interval(float(values.mean()), 2.0 * float(low[-1]) - 1.0, 2.0 * float(high[-1]) - 1.0, len(values))


def mean_intervals(values: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Ends (n,) of the interval of the mean after each of `values` in [0, 1], each the tightest so far.

    A mean is excluded once the capital of one who bets against it has reached 1 / alpha. Means are tried on a grid;
    the ends lie on the excluded side, so that the grid never costs coverage. Where the mean has not been steady, the
    lower end may come to lie above the upper one.
    """
    grid = np.linspace(0.0, 1.0, CELLS + 1)
    bets = _bets(values, alpha)
    logs = np.zeros((2, CELLS + 1))
    low, high = np.zeros(len(values)), np.ones(len(values))
    is_possible = np.ones(CELLS + 1, dtype=bool)
    # Bets that the mean is higher, or lower; each against its own half of the stake.
    most = np.stack([MAX_BET / np.maximum(grid, 1e-12), MAX_BET / np.maximum(1.0 - grid, 1e-12)])
    signs = np.array([[1.0], [-1.0]])
    for row, (value, bet) in enumerate(zip(values, bets, strict=True)):
        logs += np.log1p(signs * np.minimum(bet, most) * (value - grid))
        is_possible &= logs.max(axis=0) - np.log(2.0) < -np.log(alpha)
        low[row], high[row] = _hull(is_possible, grid)
    return low, high


def _bets(values: Floats, alpha: float) -> Floats:
    """Each bet from what came before it alone: the smaller, the more the values have varied."""
    rows = np.arange(1, len(values) + 1)
    means = (0.5 + np.cumsum(values)) / (rows + 1)
    variances = (0.25 + np.cumsum((values - means) ** 2)) / (rows + 1)
    before = np.concatenate([[0.25], variances[:-1]])
    return np.asarray(np.sqrt(2.0 * np.log(2.0 / alpha) / (before * rows * np.log1p(rows))), dtype=np.float64)


def _hull(is_possible: NDArray[np.bool_], grid: Floats) -> tuple[float, float]:
    """The grid points just outside the first and the last that are possible; crossed where none is."""
    rows = np.flatnonzero(is_possible)
    if not len(rows):
        return 1.0, 0.0
    return float(grid[max(rows[0] - 1, 0)]), float(grid[min(rows[-1] + 1, len(grid) - 1)])
