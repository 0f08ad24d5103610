"""Has precision dropped? An alarm that may be false from time to time, and so speaks long before a proof (`ml/audit.py`).

Sources: Shiryaev 1963 and Roberts 1966; as a sum of e-processes begun at every moment, whose mean grows by at most one
an outcome, so that the mean time to a false alarm is at least the threshold (Shin, Ramdas and Rinaldo, arXiv 2203.03532).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
# By how much the error rate may have risen above what is allowed; each is tried with the same weight.
RISES = (0.03, 0.06, 0.12)
MOST = 0.99
# False alarms a year, beside those that the monitors of works share (`ml/drift.py`).
BUDGET = 0.5


@dataclass(frozen=True, slots=True)
class Told:
    """What outcomes say of a drop after the one with number `at` (from 1), which most likely began with number `since`.

    Within n outcomes, evidence of that much comes by chance with probability at most n over it.
    """

    at: int
    evidence: float
    since: int
    is_alarm: bool


def watch_change(outcomes: Sequence[bool], *, allowed: float, patience: float) -> Told:
    """Watch outcomes, oldest first, true where the audited work was wrong, for an error rate above `allowed`.

    It ends at the first alarm; what comes after one is watched anew. Where the rate is not above, an alarm comes after
    `patience` outcomes on average, or later.
    """
    rates = _rates(allowed)
    steps = _steps(np.asarray(outcomes, dtype=bool), allowed, rates)
    sums = np.zeros(len(rates))
    for n, step in enumerate(steps, start=1):
        sums = (1.0 + sums) * step
        if sums.mean() >= patience:
            return Told(n, float(sums.mean()), _begin(steps[:n]), is_alarm=True)
    return Told(len(steps), float(sums.mean()), _begin(steps), is_alarm=False)


def change_evidence(is_wrong: NDArray[np.bool_], allowed: float) -> Floats:
    """The evidence (runs, n) after each outcome of many runs (runs, n), never begun anew."""
    rates = _rates(allowed)
    found, sums = np.zeros(is_wrong.shape), np.zeros((len(is_wrong), len(rates)))
    for n in range(is_wrong.shape[1]):
        sums = (1.0 + sums) * _steps(is_wrong[:, n], allowed, rates)
        found[:, n] = sums.mean(axis=1)
    return found


def _rates(allowed: float) -> Floats:
    return np.minimum(allowed + np.array(RISES), MOST)


def _steps(is_wrong: ArrayLike, allowed: float, rates: Floats) -> Floats:
    """How much likelier each outcome is under each rate (n, rates)."""
    return np.where(np.asarray(is_wrong)[..., None], rates / allowed, (1.0 - rates) / (1.0 - allowed))


def _begin(steps: Floats) -> int:
    """The outcome from which on all that follow speak most for the middle rise (Page 1954); the first, if none do."""
    gained = np.cumsum(np.log(steps[:, len(RISES) // 2])[::-1])[::-1]
    return int(gained.argmax()) + 1 if gained.max(initial=0.0) > 0.0 else 1
