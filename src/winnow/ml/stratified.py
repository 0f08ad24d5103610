"""Precision from a small audit: which published items to draw, and what the draw says of all of them.

Items that were reviewed for another reason (a report, a low confidence) never enter: nobody knows how likely they
were to be seen.

Sources: Cochran, Sampling Techniques (1977), chapter 5; Neyman 1934; Horvitz and Thompson 1952; Hajek 1971.
"""

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from winnow.core.intervals import clopper_pearson
from winnow.core.values import Interval

MIN_AUDITS = 2
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Stratum:
    """Published items that share tag, band of confidence and source: `size` of them, `n` audited, `wrong` wrong."""

    name: str
    size: int
    n: int
    wrong: int

    def __post_init__(self) -> None:
        if not 0 <= self.wrong <= self.n <= self.size:
            raise ValueError(f"stratum {self.name}: {self.wrong} wrong of {self.n} audited of {self.size}")


@dataclass(frozen=True, slots=True)
class Drawn:
    """An item that is to be audited, with the probability with which the draw took it: stored beside the audit."""

    id: str
    stratum: str
    probability: float


def stratified_precision(strata: Sequence[Stratum], alpha: float = ALPHA) -> Interval:
    """Precision of all items of the strata, with a normal interval at 1 - alpha.

    The variance is that of sampling without replacement. Raises ValueError where a stratum that was not audited whole
    has fewer than two audits. A stratum without a single error adds nothing to the variance: with few audits rely on
    `safe_precision`.
    """
    total = _total(strata)
    for stratum in strata:
        if stratum.n < min(MIN_AUDITS, stratum.size):
            raise ValueError(f"stratum {stratum.name}: {stratum.n} audits; it needs {MIN_AUDITS}")
    precision = 1.0 - math.fsum(s.size / total * s.wrong / s.n for s in strata if s.n)
    error = math.sqrt(math.fsum((s.size / total) ** 2 * _variance(s) for s in strata))
    return _normal(precision, error, alpha, sum(s.n for s in strata))


def safe_precision(strata: Sequence[Stratum], alpha: float = ALPHA) -> Interval:
    """The same estimate, with an interval that holds for any number of audits.

    Exact binomial intervals of the H strata at alpha / H, summed by weight; what was audited whole is known.
    Wide, and the one to promise on. A stratum without audits may be anything; it enters the estimate at the mean.
    """
    total, low, high, seen = _total(strata), 0.0, 0.0, 0.0
    for stratum in strata:
        share = stratum.size / total
        wrong = clopper_pearson(stratum.wrong, stratum.n, alpha / len(strata))
        is_known = stratum.n == stratum.size
        low += share * (wrong.value if is_known else wrong.low)
        high += share * (wrong.value if is_known else wrong.high)
        seen += share if stratum.n else 0.0
    estimate = math.fsum(s.size / total * s.wrong / s.n for s in strata if s.n) / seen if seen else 0.0
    return Interval(1.0 - estimate, 1.0 - high, 1.0 - low, sum(s.n for s in strata))


def hajek_precision(outcomes: Sequence[bool], probabilities: Sequence[float], alpha: float = ALPHA) -> Interval:
    """Precision from audits (true: wrong) that were drawn one by one with the stored probabilities, normal interval.

    The ratio of two Horvitz-Thompson totals, so that the number of items need not be known; its variance is that of
    the linearised ratio under independent draws. Raises ValueError for a probability outside (0, 1].
    """
    _check_probabilities(probabilities)
    weights = [1.0 / probability for probability in probabilities]
    total = math.fsum(weights)
    if not total:
        return Interval(1.0, 0.0, 1.0, 0)
    pairs = list(zip(outcomes, weights, strict=True))
    rate = math.fsum(weight for is_wrong, weight in pairs if is_wrong) / total
    terms = ((is_wrong - rate) ** 2 * (1.0 - 1.0 / weight) * weight**2 for is_wrong, weight in pairs)
    return _normal(1.0 - rate, math.sqrt(math.fsum(terms)) / total, alpha, len(outcomes))


def horvitz_thompson(outcomes: Sequence[bool], probabilities: Sequence[float], alpha: float = ALPHA) -> Interval:
    """How many items of all are wrong, from the same audits, normal interval of independent draws."""
    _check_probabilities(probabilities)
    wrong = [p for is_wrong, p in zip(outcomes, probabilities, strict=True) if is_wrong]
    count = math.fsum(1.0 / p for p in wrong)
    half = NormalDist().inv_cdf(1.0 - alpha / 2.0) * math.sqrt(math.fsum((1.0 - p) / p**2 for p in wrong))
    return Interval(count, max(float(len(wrong)), count - half), count + half, len(outcomes))


def neyman_allocation(
    sizes: Mapping[str, int], error_rates: Mapping[str, float], budget: int, floor: int = MIN_AUDITS
) -> dict[str, int]:
    """How many audits each stratum gets: in proportion to size times the deviation of its expected error rate.

    Never fewer than `floor` (1 or more) and never more than there are; the floor guards against a model that is sure
    and wrong, and takes precedence over the budget. Where the strata hold less than the budget, all is audited.
    """
    given = {name: min(floor, size) for name, size in sizes.items()}
    needs = {name: sizes[name] ** 2 * error_rates[name] * (1.0 - error_rates[name]) for name in sizes}
    for _ in range(budget - sum(given.values())):
        open_ones = [name for name in sorted(sizes) if given[name] < sizes[name]]
        if not open_ones:
            break
        # Where one more audit lowers the variance of the whole most, which is exact in integers (Wright 2012).
        given[max(open_ones, key=lambda one: (needs[one] / (given[one] * (given[one] + 1)), -given[one]))] += 1
    return given


def draw_audit(strata_of: Mapping[str, str], error_rates: Mapping[str, float], budget: int, seed: int) -> list[Drawn]:
    """Items to audit, drawn at random within their strata; `strata_of` maps each published item to its stratum."""
    sizes = Counter(strata_of.values())
    allocation = neyman_allocation(sizes, error_rates, budget)
    generator = random.Random(seed)  # noqa: S311  a sample is no secret; a seed makes it repeatable
    drawn = []
    for name in sorted(sizes):
        members = sorted(item for item, stratum in strata_of.items() if stratum == name)
        chosen = generator.sample(members, allocation[name])
        drawn += [Drawn(item, name, allocation[name] / sizes[name]) for item in chosen]
    return drawn


def _variance(stratum: Stratum) -> float:
    """Of a stratum's share of errors: with the finite-population correction, 0 where all was audited."""
    if stratum.n == stratum.size:
        return 0.0
    rate = stratum.wrong / stratum.n
    return (1.0 - stratum.n / stratum.size) * rate * (1.0 - rate) / (stratum.n - 1)


def _normal(value: float, error: float, alpha: float, n: int) -> Interval:
    half = NormalDist().inv_cdf(1.0 - alpha / 2.0) * error
    return Interval(value, max(0.0, value - half), min(1.0, value + half), n)


def _total(strata: Sequence[Stratum]) -> int:
    total = sum(stratum.size for stratum in strata)
    if not total:
        raise ValueError("nothing was published, so there is nothing to estimate")
    return total


def _check_probabilities(probabilities: Sequence[float]) -> None:
    for probability in probabilities:
        if not 0.0 < probability <= 1.0:
            raise ValueError(f"sampling probability {probability} is not above 0 and at most 1")
