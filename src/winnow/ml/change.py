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


@dataclass(frozen=True, slots=True)
class Change:
    """The alarms that outcomes raised, after each of which all begins anew, and what those since say."""

    alarms: tuple[Told, ...]
    now: Told


def watch_change(outcomes: Sequence[bool], *, allowed: float, patience: float) -> Change:
    """Watch outcomes, oldest first, true where the audited work was wrong, for an error rate above `allowed`.

    Where it is not above, an alarm comes after `patience` outcomes on average, or later.
    """
    rates = _rates(allowed)
    steps = _steps(np.asarray(outcomes, dtype=bool), allowed, rates)
    alarms: list[Told] = []
    begun, sums = 0, np.zeros(len(rates))
    for n, step in enumerate(steps, start=1):
        sums = (1.0 + sums) * step
        if sums.mean() >= patience:
            alarms.append(_told(steps[:n], begun, sums))
            begun, sums = n, np.zeros(len(rates))
    return Change(tuple(alarms), _told(steps, begun, sums))


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


def _told(steps: Floats, begun: int, sums: Floats) -> Told:
    """Since when: from the outcome on from which all that follow speak most for the middle rise (Page 1954); all, if none do."""
    gained = np.cumsum(np.log(steps[begun:, len(RISES) // 2])[::-1])[::-1]
    since = int(gained.argmax()) if gained.max(initial=0.0) > 0.0 else 0
    return Told(len(steps), float(sums.mean()), begun + since + 1)
