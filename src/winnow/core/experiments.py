"""What experiments on readers may vary, what they count, and who is on which side.

A new thing to vary is one entry of KNOBS and the place that asks `winnow.web.arms.factor_of` for it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

PARTS = 2**64
# An experiment ends by itself after so many days at the most, so that nobody is left in one that was forgotten.
MAX_DAYS = 56


class Arm(StrEnum):
    """The side that a reader is on; NONE sees what everybody sees and is not counted."""

    CONTROL = "control"
    VARIANT = "variant"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Knob:
    """Something that can differ for a reader. A side is a factor on what stands in the code: (control, variant)."""

    name: str
    varies: str
    control: str
    variant: str
    factors: tuple[float, float] = (1.0, 2.0)

    def factor(self, arm: Arm) -> float:
        """What a side multiplies by."""
        return self.factors[arm is Arm.VARIANT]


TAGS, FRONT_PACE, EXPLORED = "tags", "front-pace", "for-you-explored"
KNOBS = {
    knob.name: knob
    for knob in (
        Knob(
            TAGS,
            "whose tags are shown while a model decides about half of the works",
            "the champion's, wherever it and the new model would both publish but give different tags",
            "the new model's",
        ),
        Knob(
            FRONT_PACE,
            "how fast works grow old on the front page",
            "ten times the points make up for 22 hours of age",
            "ten times the points make up for 44 hours: what is popular stays longer",
        ),
        Knob(
            EXPLORED,
            "how much of the recommendations is drawn at random",
            "one in five",
            "one in ten",
            (1.0, 0.5),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that a reader did, or did not, on the first day in an experiment. `is_harm`: the fewer the better."""

    name: str
    says: str
    is_harm: bool = False


READER = "reader"
SAVE, FOLLOW, FIND, QUICK, REPORT = "save", "follow", "find", "quick", "report"
OUTCOMES = {
    outcome.name: outcome
    for outcome in (
        Outcome(SAVE, "saved a work"),
        Outcome(FOLLOW, "followed a tag"),
        Outcome(FIND, "opened or saved a work"),
        Outcome(QUICK, "opened or saved one within 30 s of coming"),
        Outcome(REPORT, "reported something as wrong", is_harm=True),
    )
}
# What no experiment may harm: more who report, fewer who find something.
GUARDED = (REPORT, FIND)


@dataclass(frozen=True, slots=True)
class Tally:
    """Of so many readers on a side, how many did something."""

    n: int
    k: int


Counts = Mapping[tuple[str, str], int]


def tallies(counts: Counts, outcome: str) -> Iterator[Tally]:
    """The tally of control and of variant, from sums by (side, what); who did it twice at once counts once."""
    for arm in (Arm.CONTROL, Arm.VARIANT):
        n = counts.get((arm, READER), 0)
        yield Tally(n, min(counts.get((arm, outcome), 0), n))


def place_of(key: str, name: str) -> float:
    """A place in [0, 1) that looks drawn at random and is always the same for this key in this experiment."""
    digest = hashlib.sha256(f"{name} {key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / PARTS


def arm_at(place: float, share: float) -> Arm:
    """The side at a place: the share of readers who take part, half of it on each side.

    >>> [arm_at(place, 0.5).value for place in (0.1, 0.3, 0.7)]
    ['control', 'variant', 'none']
    """
    if place >= share:
        return Arm.NONE
    return Arm.CONTROL if place < share / 2 else Arm.VARIANT
