"""Judge a promise by what was measured: met, failed, expired, not enough evidence, or waiting for a signature."""

import math
import operator
from dataclasses import dataclass
from typing import Literal

from winnow.core.criteria.grammar import Criterion
from winnow.core.intervals import precision_lower_bound

State = Literal["met", "failed", "expired", "not enough evidence", "waiting"]
# What to look at first stands first.
STATES: tuple[State, ...] = ("failed", "expired", "not enough evidence", "waiting", "met")

_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}
MOST_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """One stored measurement, in the unit in which its dimension is kept; a fact is 1 or 0.

    `source` says where it stands, `code` names the state of the code that was measured, and `is_current` whether that
    is the code of now.
    """

    value: float
    n: int
    source: str
    code: str = ""
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """What evidence says of a promise, with the reason in words; `missing` is how many rows more would be needed."""

    state: State
    reason: str
    missing: int = 0


def judge(criterion: Criterion, measured: Measured | None) -> Judgement:
    """What is known of a promise. No evidence is not a failure, and old evidence is none of today's code."""
    dimension = criterion.call.kind.dimension
    if measured is None:
        return _without(criterion)
    if not measured.is_current:
        return Judgement("expired", f"the code has changed since {measured.source} was written")
    if dimension == "fact":
        return Judgement("met" if measured.value else "failed", measured.source)
    return _compare(criterion, measured)


def _compare(criterion: Criterion, measured: Measured) -> Judgement:
    compare, target = _COMPARE[criterion.comparison], float(criterion.target)
    if not math.isfinite(measured.value) or measured.n <= 0:
        return _without(criterion)
    if compare(measured.value, target) and criterion.bound:
        return _by_bound(criterion, measured, target)
    state: State = "met" if compare(measured.value, target) else "failed"
    return Judgement(state, f"measured {measured.value:g}, n = {measured.n:,}")


def _without(criterion: Criterion) -> Judgement:
    if criterion.call.function == "signed":
        return Judgement("waiting", f"the {criterion.call.arguments[0]} has not signed")
    if not criterion.bound:
        return Judgement("not enough evidence", "nothing has measured it yet", 1)
    missing = _rows_needed(criterion, 0.0)
    return Judgement(
        "not enough evidence", f"nothing has measured it yet; at least {missing:,} rows are needed", missing
    )


def _by_bound(criterion: Criterion, measured: Measured, target: float) -> Judgement:
    found = bound(criterion, measured.value, measured.n)
    said = f"{criterion.bound.replace('_', ' ')} {found:.4g}, measured {measured.value:g}, n = {measured.n:,}"
    if _COMPARE[criterion.comparison](found, target):
        return Judgement("met", said)
    wrong = 1 - measured.value if criterion.bound == "lower_bound" else measured.value
    missing = max(_rows_needed(criterion, wrong) - measured.n, 1)
    more = f"{missing:,} rows more" if missing < MOST_ROWS else "more rows than can be hoped for"
    return Judgement("not enough evidence", f"{said}; {more} of the same kind are needed", missing)


def bound(criterion: Criterion, value: float, n: int) -> float:
    """The one-sided exact bound of a share at the level that the promise asks for (Clopper and Pearson 1934)."""
    delta = 1 - float(criterion.level)
    if criterion.bound == "lower_bound":
        return precision_lower_bound(round((1 - value) * n), n, delta)
    return 1 - precision_lower_bound(round(value * n), n, delta)


def _rows_needed(criterion: Criterion, wrong: float) -> int:
    """With how many rows, `wrong` of them against the promise, its bound would hold; MOST_ROWS where with none."""
    value, target = (1 - wrong if criterion.bound == "lower_bound" else wrong), float(criterion.target)
    low, high = 0, 1
    while not _COMPARE[criterion.comparison](bound(criterion, value, high), target):
        low, high = high, high * 2
        if high > MOST_ROWS:
            return MOST_ROWS
    while high - low > 1:
        middle = (low + high) // 2
        is_enough = _COMPARE[criterion.comparison](bound(criterion, value, middle), target)
        low, high = (low, middle) if is_enough else (middle, high)
    return high
