"""Exact binomial bounds and sample sizes, from the standard library alone.

Sources: Clopper and Pearson 1934; Wilson 1927; Learn-then-Test, arXiv 2110.01052.
"""

import math
from collections.abc import Callable

from winnow.core.values import Interval


def binomial_cdf(k: int, n: int, p: float) -> float:
    """P(X <= k) for X ~ Bin(n, p).

    >>> round(binomial_cdf(1, 38, 0.1), 4)
    0.0953
    """
    if k < 0:
        return 0.0
    if k >= n or p <= 0.0:
        return 1.0
    if p >= 1.0:
        return 0.0
    log_p, log_q = math.log(p), math.log1p(-p)
    terms = (_log_choose(n, i) + i * log_p + (n - i) * log_q for i in range(k + 1))
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def precision_lower_bound(wrong: int, n: int, delta: float) -> float:
    """One-sided Clopper-Pearson: precision is at least this with probability 1 - delta. 0 where n is 0."""
    if n == 0 or wrong >= n:
        return 0.0
    return 1.0 - _bisect(lambda p: binomial_cdf(wrong, n, p) > delta)


def clopper_pearson(k: int, n: int, alpha: float = 0.05) -> Interval:
    """The exact two-sided interval of a share at level 1 - alpha."""
    if n == 0:
        return Interval(0.0, 0.0, 1.0, 0)
    low = 0.0 if k == 0 else _bisect(lambda p: 1.0 - binomial_cdf(k - 1, n, p) < alpha / 2)
    high = 1.0 if k == n else _bisect(lambda p: binomial_cdf(k, n, p) > alpha / 2)
    return Interval(k / n, low, high, n)


def wilson(k: int, n: int, z: float = 1.959964) -> Interval:
    """Wilson's score interval of a share: short to compute, good for display."""
    if n == 0:
        return Interval(0.0, 0.0, 1.0, 0)
    share, z2 = k / n, z * z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half), n)


def newcombe(k: int, n: int, other_k: int, other_n: int) -> Interval:
    """The difference k/n - other_k/other_n with its 95 % interval, from Wilson's of both (Newcombe 1998, method 10).

    `n` of the interval is that of both together; without observations on a side it is all that can be.
    """
    if not (n and other_n):
        return Interval(0.0, -1.0, 1.0, n + other_n)
    one, other = wilson(k, n), wilson(other_k, other_n)
    difference = one.value - other.value
    below = ((one.value - one.low) ** 2 + (other.high - other.value) ** 2) ** 0.5
    above = ((one.high - one.value) ** 2 + (other.value - other.low) ** 2) ** 0.5
    return Interval(difference, difference - below, difference + above, n + other_n)


def sample_size(wrong: int, target: float, delta: float) -> int:
    """How many answers certify `target` at `delta` when `wrong` of them are wrong.

    >>> [sample_size(k, 0.90, 0.10) for k in range(4)]
    [22, 38, 52, 65]
    >>> [sample_size(k, 0.95, 0.05) for k in range(4)]
    [59, 93, 124, 153]
    """
    n = wrong + 1
    while binomial_cdf(wrong, n, 1.0 - target) > delta:
        n += 1
    return n


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _bisect(is_below: Callable[[float], bool]) -> float:
    """The point of [0, 1] where `is_below` turns from true to false."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2
