"""Live precision: what random audits prove about a model that serves, valid however often one looks.

An epoch is one model under one threshold. Its audits are published items, drawn at random and labelled blind; an
outcome is true where the published tag was wrong.

Sources: beta-binomial mixture (Robbins 1970; Howard et al., arXiv 1810.08240), Ville's inequality. The alarm's mixture
holds only rates above the allowed one: each of its members is a supermartingale as long as no audit's chance of an
error is above that, so that it also allows for a rate that moves about below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincc, betaln, xlog1py, xlogy

from winnow.core.values import Interval

Floats = NDArray[np.float64]
Counts = NDArray[np.int_]

# The prior of the error rate: its mean is one in twenty, which is where a target of .95 has its border.
A, B = 1.0, 19.0
ALPHA = 0.05
# Quiet history slows the alarm; a fresh start every so many audits keeps it awake. See bench/alarm.py.
RESTART_EVERY = 150
_HALVINGS = 50


@dataclass(frozen=True, slots=True)
class LivePrecision:
    """What the audits of an epoch say.

    `precision` holds at all times together with probability 1 - alpha, while the precision is steady; where audits
    contradict that, `is_steady` is false and the interval is of the latest look alone.
    `alarmed_at` is the audit (from 1) at which it was shown that precision is below target; an alarm stays raised
    until a new epoch. It is a one-sided test, and so speaks before the interval does.
    """

    precision: Interval
    is_steady: bool
    alarmed_at: int | None


def watch(
    outcomes: Sequence[bool], *, target: float, alpha: float = ALPHA, restart_every: int | None = RESTART_EVERY
) -> LivePrecision:
    """What the outcomes of an epoch, oldest first, say of its precision and of the promise to reach `target`.

    Where precision is at least `target`, an alarm is ever raised with probability at most `alpha`.
    """
    if not len(outcomes):
        return LivePrecision(Interval(1.0, 0.0, 1.0, 0), is_steady=True, alarmed_at=None)
    is_wrong = np.asarray(outcomes, dtype=bool)
    low, high = error_intervals(is_wrong, alpha)
    is_steady = bool(low[-1] <= high[-1])
    if not is_steady:
        low, high = _ends(np.array([is_wrong.sum()]), np.array([len(is_wrong)]), alpha)
    precision = Interval(float(1.0 - is_wrong.mean()), float(1.0 - high[-1]), float(1.0 - low[-1]), len(is_wrong))
    return LivePrecision(precision, is_steady, _first(evidence(is_wrong, 1.0 - target, restart_every), alpha))


def spread_sample(n_rows: int, n: int, generator: Random) -> list[int]:
    """Places of `n` of so many ranked rows, each equally likely to be in it, in random order: all where there are fewer.

    A systematic sample: every stratum that stands together in the ranking has its share of it, to within one row. As
    each row is equally likely, its counts need no weights, and what is proved for simple random samples holds: strata
    only narrow what a count varies by (Hoeffding 1956). The order is random, so that each further one is like the last.
    """
    if n <= 0:
        return []
    if n >= n_rows:
        places = list(range(n_rows))
    else:
        step = n_rows / n
        start = generator.random() * step
        places = [min(int(start + step * k), n_rows - 1) for k in range(n)]
    generator.shuffle(places)
    return places


def error_intervals(is_wrong: NDArray[np.bool_], alpha: float) -> tuple[Floats, Floats]:
    """Lower and upper ends (n,) of the error rate after each audit, each the tightest so far.

    A lower end above its upper end shows that the rate has not been steady.
    """
    low, high = _ends(np.cumsum(is_wrong), np.arange(1, len(is_wrong) + 1), alpha)
    return np.maximum.accumulate(low), np.minimum.accumulate(high)


def log_mixture(wrong: ArrayLike, n: ArrayLike, rate: ArrayLike) -> Floats:
    """Log of the mixture's likelihood over that of `rate`, elementwise: ln M_n(p). Convex in the rate."""
    k, size, p = (np.asarray(each, dtype=np.float64) for each in (wrong, n, rate))
    likelihood = xlogy(k, p) + xlog1py(size - k, -p)
    return np.asarray(betaln(A + k, B + size - k) - betaln(A, B) - likelihood, dtype=np.float64)


def evidence(is_wrong: NDArray[np.bool_], allowed: float, restart_every: int | None = RESTART_EVERY) -> Floats:
    """Evidence (..., n) after each audit that the error rate is above `allowed`; 1 is none.

    Where it is not, the evidence ever reaches 1 / alpha with probability at most alpha. With restarts it is the sum of
    what each start has gathered, the k-th weighing 1 / (k (k + 1)); what has not started yet counts as 1.
    """
    length = is_wrong.shape[-1]
    if restart_every is None:
        return _gathered(is_wrong, allowed)
    total = np.ones(is_wrong.shape)
    for k, start in enumerate(range(0, length, restart_every), start=1):
        total[..., start:] += (_gathered(is_wrong[..., start:], allowed) - 1.0) / (k * (k + 1))
    return total


def _gathered(is_wrong: NDArray[np.bool_], allowed: float) -> Floats:
    """The mixture over rates above `allowed` alone, from the first of these audits on."""
    k, n = np.cumsum(is_wrong, axis=-1), np.arange(1, is_wrong.shape[-1] + 1)
    above = betaincc(A + k, B + n - k, allowed) / betaincc(A, B, allowed)
    return np.asarray(np.exp(log_mixture(k, n, allowed)) * above, dtype=np.float64)


def _first(values: Floats, alpha: float) -> int | None:
    """The number, from 1, of the first audit after which the evidence suffices."""
    reached = np.flatnonzero(values >= 1.0 / alpha)
    return int(reached[0]) + 1 if len(reached) else None


def _ends(wrong: Counts, n: Counts, alpha: float) -> tuple[Floats, Floats]:
    """Where ln M_n crosses ln(1 / alpha) on either side of the observed rate, by bisection."""
    share = wrong / n
    return _crossing(wrong, n, alpha, np.zeros(len(n)), share), _crossing(wrong, n, alpha, np.ones(len(n)), share)


def _crossing(wrong: Counts, n: Counts, alpha: float, outside: Floats, inside: Floats) -> Floats:
    for _ in range(_HALVINGS):
        middle = (outside + inside) / 2.0
        is_out = log_mixture(wrong, n, middle) >= -np.log(alpha)
        outside, inside = np.where(is_out, middle, outside), np.where(is_out, inside, middle)
    return np.where(inside < 1e-12, 0.0, np.where(inside > 1.0 - 1e-12, 1.0, outside))
