"""The error budget of a tag: how many errors its promise allows, when they are too many, and from where on it is kept.

An epoch is one model under one threshold. The outcomes are audits of what it publishes under the tag, drawn at random
and labelled blind, oldest first; true is an error. The budget is burnt when the evidence that the error rate is above
`1 - target` reaches 1 / alpha: a test that may be looked at after each answer (`ml/audit.py`), so that a tag which
keeps its promise is ever burnt with probability at most alpha.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winnow.core.values import Interval
from winnow.ml.audit import RESTART_EVERY, error_intervals, watch

# Where a higher threshold may lie between the old one and certainty; chosen before any answer was seen.
STEPS = 8


@dataclass(frozen=True, slots=True)
class Budget:
    """What an epoch has spent: `wrong` of `n` audits, of which `allowed` is the share that the promise leaves.

    `spent` is 1 where errors are as frequent as allowed. `is_burnt` says that more of them are proved.
    """

    wrong: int
    n: int
    allowed: float
    precision: Interval
    is_burnt: bool

    @property
    def spent(self) -> float:
        """Errors as a share of those that are allowed; 0 without audits."""
        return self.wrong / (self.allowed * self.n) if self.n else 0.0


def budget_of(outcomes: Sequence[bool], *, target: float, alpha: float) -> Budget:
    """The budget of an epoch by its outcomes, oldest first. `alpha` is the risk of burning one that is kept."""
    live = watch(outcomes, target=target, alpha=alpha, restart_every=RESTART_EVERY)
    return Budget(sum(outcomes), len(outcomes), 1.0 - target, live.precision, live.alarmed_at is not None)


def raised_threshold(
    confidences: Sequence[float], outcomes: Sequence[bool], *, above: float, target: float, alpha: float
) -> float | None:
    """The lowest of STEPS thresholds above the old one from which on the same audits prove the target; None where none.

    A fixed sequence from the highest down, which stops at the first that proves nothing, so that all together are wrong
    with probability at most alpha; it starts where enough audits lie for a proof at all, which no label decides.
    """
    sure, is_wrong = np.asarray(confidences, dtype=np.float64), np.asarray(outcomes, dtype=bool)
    proved = None
    for step in range(STEPS - 1, 0, -1):
        threshold = above + (1.0 - above) * step / STEPS
        own = is_wrong[sure >= threshold]
        if not _suffices(len(own), target, alpha):
            continue
        if error_intervals(own, alpha)[1][-1] > 1.0 - target:
            break
        proved = threshold
    return proved


def _suffices(n: int, target: float, alpha: float) -> bool:
    """Whether so many audits could prove anything if all were right."""
    return n > 0 and bool(error_intervals(np.zeros(n, dtype=bool), alpha)[1][-1] <= 1.0 - target)
