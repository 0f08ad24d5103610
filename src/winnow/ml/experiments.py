"""What readers make of two sides: a difference of shares whose interval may be looked at as often as one likes.

Each reader is on either side with probability 1/2 and is counted once, so that `2 y` on the variant's side and `-2 y` on
the other's estimates without bias what the variant changes (Horvitz and Thompson 1952). Against each difference somebody
bets; while it is the true one the capital is a non-negative supermartingale, so it ever reaches 1 / alpha with probability
at most alpha (Ville 1939; Waudby-Smith and Ramdas, arXiv 2010.09686, section 4). Stakes are fixed shares of the capital
and mixed, so the order of readers within the sums does not matter, and sums by day are enough.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winnow.core.experiments import Tally
from winnow.core.values import Interval

Floats = NDArray[np.float64]

# The risk over all looks: of an interval that misses, and of stopping at a guard where nothing is harmed.
ALPHA = 0.05
# The shares of what may be staked, small ones for what many do and large ones for what hardly anybody does.
STAKES = np.geomspace(0.004, 0.95, 14)
# What one reader says at the most, in the estimate above.
MOST = 2.0
# Means are tried on a grid that is narrowed so often, to two millionths; the end lies on the excluded side.
POINTS, ROUNDS = 33, 4
# Of sides that chance makes, one pair in a thousand is farther apart than so many standard deviations.
UNLIKELY = 3.29


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guard: how much worse the variant's side is at the least (above 0 is harm), and how much is let pass."""

    at_least: float
    margin: float

    @property
    def is_broken(self) -> bool:
        """Whether more harm than is let pass is shown."""
        return self.at_least > self.margin


def difference(control: Tally, variant: Tally, alpha: float = ALPHA) -> Interval:
    """The share of the variant's readers minus that of the control's, with an interval valid at every look.

    Its ends hold singly with 1 - alpha / 2. Holds for a difference that is the same for all who come; where it changes
    with time, what is shown of 0 or of a margin still holds for "never above it". Raises ValueError for more than all.
    """
    n = control.n + variant.n
    if not (0 <= control.k <= control.n and 0 <= variant.k <= variant.n):
        raise ValueError("of so many readers at most so many did something")
    if not n:
        return Interval(0.0, -1.0, 1.0, 0)
    low, high = _least(control, variant, alpha / 2), -_least(variant, control, alpha / 2)
    value = (variant.k / variant.n if variant.n else 0.0) - (control.k / control.n if control.n else 0.0)
    return Interval(min(max(value, low), high) if low <= high else value, low, high, n)


def guarded(control: Tally, variant: Tally, *, margin: float, is_harm: bool, alpha: float = ALPHA) -> Guarded:
    """How much worse the variant is; `is_harm` where what is counted is itself the harm.

    It is the end of the interval that `difference` gives: with two guards, each at alpha / 2, both together stop what
    harms nothing with alpha at the most.
    """
    better, worse = (control, variant) if is_harm else (variant, control)
    return Guarded(_least(better, worse, alpha / 2), margin)


def is_balanced(control: int, variant: int) -> bool:
    """Whether both sides are as large as halves of chance are; where they are not, something is counted wrongly."""
    return abs(variant - control) <= UNLIKELY * math.sqrt(control + variant)


def _least(below: Tally, above: Tally, alpha: float) -> float:
    """The largest mean difference that is excluded from below; -1 where none is."""
    kinds = np.array([MOST, -MOST, 0.0])
    n = np.array([above.k, below.k, above.n + below.n - above.k - below.k], dtype=np.float64)
    low, high = -1.0, 1.0
    # The capital against a mean falls as the mean rises.
    for _ in range(ROUNDS):
        means = np.linspace(low, high, POINTS)
        capital = _capital((kinds[:, None] - means) / (MOST + means), n)
        n_excluded = int((capital >= -np.log(alpha)).sum())
        low, high = float(means[max(n_excluded - 1, 0)]), float(means[min(n_excluded, POINTS - 1)])
    return low


def _capital(gains: Floats, n: Floats) -> Floats:
    """The logarithm of what a mixture of bettors holds, (m,), each stake with the same part.

    `gains` (k, m) are of k kinds of readers, who came `n` (k,) times, against m means.
    """
    logs = np.einsum("skm,k->sm", np.log1p(np.multiply.outer(STAKES, gains)), n)
    return np.asarray(np.logaddexp.reduce(logs, axis=0) - np.log(len(STAKES)), dtype=np.float64)
