"""The values that cross floors: frozen, typed, free of any framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Document:
    """What a classifier sees of a work: its clean title and description (see `core.text`)."""

    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """An approved class with its guideline; `typical` describes content of the tag and trains."""

    slug: str
    name: str
    short: str
    description: str
    belongs: str = ""
    excludes: str = ""
    hard: tuple["HardCase", ...] = ()
    typical: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HardCase:
    """A border case of a guideline: the case, the slug of the tag it bears, and why."""

    case: str
    answer: str
    why: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of one row or entry, and how to mend it."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something fetched or submitted that is not yet admitted; `fault` says why it never can be.

    `links` are other addresses of the same work, as its code; `signals` what others say of it in numbers, as points.
    """

    external_id: str
    title: str
    description: str = ""
    url: str = ""
    published_at: datetime | None = None
    author: str = ""
    tag: str = ""
    line: int = 0
    fault: Fault | None = None
    links: tuple[str, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """One training pair. Rows with the same `group` are one work and never straddle a split."""

    document: Document
    tag: str
    id: str = ""
    group: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Classification:
    """What a classifier says of a Document.

    `tag` is None where it abstains, which is never the tag `other`.
    `confidence` is the calibrated probability that `tag` is right; `probabilities` sum to one.
    `reasons` names what decided where that is not a probability (a rule, say).
    """

    tag: str | None
    confidence: float
    probabilities: Mapping[str, float]
    reasons: tuple[str, ...] = ()

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """Tags with their probability, likeliest first, ties in the order of the list."""
        return sorted(self.probabilities.items(), key=lambda pair: -pair[1])


class Action(StrEnum):
    """What a policy makes of a classification."""

    ACCEPT = "accept"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Decision:
    """Accept with a tag, or review without one; `reasons` are for people."""

    action: Action
    tag: str | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A precision proved at a threshold: of `n` answers at or above it, `k` were wrong.

    `bound` is the lower bound of precision that holds with probability 1 - `delta`.
    `threshold` is None where the evidence does not reach the target; `missing` then says
    how many labels more are needed at the least. `coverage` is the share of answers kept.
    """

    target: float
    delta: float
    threshold: float | None
    n: int
    k: int
    bound: float
    coverage: float
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its confidence interval and the number of rows behind it."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The figures of one evaluation. Precision, recall and f1 are weighted by class size."""

    n: int
    overall: Mapping[str, float]
    per_tag: Mapping[str, Mapping[str, float]]
    slices: Mapping[str, Mapping[str, float]]
    coverage_curve: tuple[Mapping[str, float], ...]
    calibration: Mapping[str, float]
    intervals: Mapping[str, Interval] = field(default_factory=dict)
