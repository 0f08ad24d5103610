"""May a model on its way to readers go on? Two tests by betting that may be looked at after every answer.

Both models answer the same works. Where they agree nothing is lost or gained; where they do not, a part is drawn at random
with a known probability and judged blind, so that an answer divided by that probability estimates without bias what all
would have said (Horvitz and Thompson 1952). Against each hypothesis somebody bets; the capital is a non-negative
supermartingale while the hypothesis is true, so it ever reaches 1 / alpha with probability at most alpha (Ville 1939;
Waudby-Smith and Ramdas, arXiv 2010.09686, section 4). The bets are a mixture over fixed shares of the capital, which
needs no guess of how large a difference is.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winnow.core.errors import InputError
from winnow.core.values import Interval

Floats = NDArray[np.float64]

# The order in which a model comes to readers; after the last it is champion.
STAGES = ("shadow", "staff", "internal", "canary", "ab")
# The shares of what may be staked that the bettors stake, each with the same part of the capital.
STAKES = np.arange(0.05, 1.0, 0.05)
# The mean differences that are tried for an interval.
STEP = 0.002
MEANS = np.arange(-0.998, 0.999, STEP)


class Course(StrEnum):
    """What is to be done with a model."""

    GO_ON = "go on"
    HOLD = "hold"
    TAKE_BACK = "take back"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: the share of works that it decides about, and the works and hours that it lasts at the least."""

    name: str
    says: str
    share: float
    works: int
    hours: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Stages in their order, and the risks (see `data/rollout.toml`)."""

    alpha: float
    margin: float
    drawn: float
    days: float
    stages: tuple[Stage, ...]

    def stage(self, name: str) -> Stage:
        """One stage by its name. Raises KeyError."""
        return {stage.name: stage for stage in self.stages}[name]

    def after(self, name: str) -> str:
        """What follows a stage; after the last `champion`."""
        names = [stage.name for stage in self.stages] + ["champion"]
        return names[names.index(name) + 1]


@dataclass(frozen=True, slots=True)
class Pair:
    """A work that both answered. `probability` is that of being drawn where they disagree, whether they did or not.

    `difference` is the error of the new model minus that of the old one, -1, 0 or 1, where the work was drawn; None where
    nobody has said in time, which counts against whatever is to be shown.
    """

    probability: float
    is_drawn: bool = False
    difference: int | None = 0


@dataclass(frozen=True, slots=True)
class Watched:
    """What pairs show. `difference` is the precision of the new model minus that of the old one, with its interval.

    `against` and `for_it` are the capitals won against "it is no worse" and against "it is worse by the margin or more",
    each the most that was ever reached.
    """

    course: Course
    difference: Interval
    n_drawn: int
    against: float
    for_it: float


def watch_pairs(pairs: Sequence[Pair], *, margin: float, alpha: float) -> Watched:
    """Look at all pairs, oldest first. Looking again after each new one is allowed, and costs nothing.

    Raises ValueError where a probability is none or a margin is not in (0, 1).
    """
    drawn = np.array([pair.probability for pair in pairs], dtype=np.float64)
    if not 0.0 < margin < 1.0 or not ((drawn > 0.0) & (drawn <= 1.0)).all():
        raise ValueError("margin and probabilities are above 0 and at most 1")
    n_drawn = sum(pair.is_drawn for pair in pairs)
    against = _capital(_weighed(pairs, unknown=-1) * drawn)
    for_it = _capital((margin - _weighed(pairs, unknown=1)) / (1.0 / drawn - margin))
    course = Course.TAKE_BACK if against >= 1.0 / alpha else Course.GO_ON if for_it >= 1.0 / alpha else Course.HOLD
    return Watched(course, _difference(pairs, alpha), n_drawn, against, for_it)


def load_plan(path: Path) -> Plan:
    """The plan of a TOML file. Raises InputError with file and field."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError.at(path, 0, "", f"cannot be read: {error}") from error
    tables = raw["stages"] if isinstance(raw.get("stages"), list) else []
    named = [table.get("name") for table in tables]
    if named != list(STAGES):
        raise InputError.at(path, 0, "stages", f"are {', '.join(STAGES)}, in this order")
    limits = {name: _number(path, raw, name, most) for name, most in _RISKS.items()}
    stages = (
        Stage(
            table["name"],
            str(table.get("says", "")),
            _number(path, {"share": 1.0} | table, "share", 1.0),
            int(_number(path, table, "works", 1e6)),
            _number(path, table, "hours", 1e4),
        )
        for table in tables
    )
    return Plan(stages=tuple(stages), **limits)


_RISKS = {"alpha": 0.5, "margin": 0.5, "drawn": 1.0, "days": 365.0}


def _number(path: Path, table: Mapping[str, Any], name: str, most: float) -> float:
    value = table.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 < value <= most:
        raise InputError.at(path, 0, name, f"is a number above 0 and at most {most:g}")
    return float(value)


def _weighed(pairs: Sequence[Pair], *, unknown: int) -> Floats:
    """Estimated error of the new model minus that of the old one, a work each; without bias whatever was drawn."""
    said = [(unknown if p.difference is None else p.difference) / p.probability if p.is_drawn else 0.0 for p in pairs]
    return np.array(said, dtype=np.float64)


def _capital(gains: Floats) -> float:
    """The most that a mixture of bettors ever held, who began with 1; no gain is below -1."""
    if not len(gains):
        return 1.0
    logs = np.cumsum(np.log1p(np.multiply.outer(gains, STAKES)), axis=0)
    return float(max(1.0, np.exp(np.logaddexp.reduce(logs, axis=1).max() - np.log(len(STAKES)))))


def _difference(pairs: Sequence[Pair], alpha: float) -> Interval:
    """Of precision: the new model's minus the old one's, over all works that both answered.

    The means that neither of two bettors, one on each side with half of alpha, has excluded by now.
    """
    known = [pair for pair in pairs if pair.difference is not None]
    if not known:
        return Interval(0.0, -1.0, 1.0, 0)
    errors = _weighed(known, unknown=0)
    rows = np.stack([errors, [pair.probability for pair in known]], axis=1)
    # Few kinds of rows, however many works: what was bet does not depend on their order.
    kinds, n = np.unique(rows, axis=0, return_counts=True)
    error, probability = kinds.T
    gaps = error[None, :] - MEANS[:, None]
    higher = gaps / (1.0 / probability + MEANS[:, None])
    lower = -gaps / (1.0 / probability - MEANS[:, None])
    most = np.log(2.0 / alpha)
    left = MEANS[(_mixed(higher, n) < most) & (_mixed(lower, n) < most)]
    value = float(-errors.mean())
    if not len(left):
        return Interval(value, value, value, len(errors))
    ends = (-float(left[-1]) - STEP, -float(left[0]) + STEP)
    return Interval(value, max(-1.0, min(ends[0], value)), min(1.0, max(ends[1], value)), len(errors))


def _mixed(gains: Floats, n: NDArray[np.intp]) -> Floats:
    """The logarithm of the capital of a mixture of bettors, for each mean (m,), from gains (m, k) that came n times."""
    logs = np.log1p(np.multiply.outer(STAKES, gains)) @ n
    return np.asarray(np.logaddexp.reduce(logs, axis=0) - np.log(len(STAKES)), dtype=np.float64)
