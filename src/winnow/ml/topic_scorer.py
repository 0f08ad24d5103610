"""How far a text is from machine learning: a linear head, corrected by the nearest texts of both kinds.

The head generalises from words; the neighbours know corners of the field that no line separates.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from winnow.core.values import Classification, Document
from winnow.ml.base import Arrays, Vectors
from winnow.ml.linear import LinearPredictor

OFF_TOPIC, ON_TOPIC = "off_topic", "on_topic"
NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class TopicScorer:
    """`off` (n, d) and `on` (m, d) are unit vectors of other subjects and of machine learning.

    `weight` is what a difference of one in mean cosine adds to the log-odds of the head.
    """

    predictor: LinearPredictor
    off: Vectors
    on: Vectors
    weight: float

    def __post_init__(self) -> None:
        width = self.predictor.features.width
        if any(block.ndim != 2 or block.shape[1] != width or not len(block) for block in (self.off, self.on)):
            raise ValueError(f"neighbours have shapes {self.off.shape} and {self.on.shape}, vectors a width of {width}")

    def score(self, doc: Document, vector: Vectors) -> float:
        """From 0 to 1: the head's probability of another subject, moved by the nearest neighbours."""
        return self.scores([doc], vector[None])[0]

    def scores(self, documents: Sequence[Document], vectors: Vectors) -> list[float]:
        """The same for many, each to the bit what it is alone; `vectors` (n, d)."""
        answers = self.predictor.classify(documents, vectors)
        return [self._moved(answer, vector) for answer, vector in zip(answers, vectors, strict=True)]

    def _moved(self, answer: Classification, vector: Vectors) -> float:
        odds = answer.probabilities[OFF_TOPIC] / max(answer.probabilities[ON_TOPIC], 1e-12)
        moved = math.log(max(odds, 1e-12)) + self.weight * (_nearness(self.off, vector) - _nearness(self.on, vector))
        return 1.0 / (1.0 + math.exp(-moved))

    def arrays(self) -> Arrays:
        """The numbers of the head and the neighbours."""
        return self.predictor.arrays() | {"neighbours_off": self.off, "neighbours_on": self.on}

    def settings(self) -> dict[str, Any]:
        """The words of the head, and the weight."""
        return {**self.predictor.settings(), "weight": self.weight}

    @classmethod
    def restore(cls, arrays: Arrays, settings: Mapping[str, Any]) -> Self:
        """The scorer that had these arrays and settings. Raises ValueError, KeyError or TypeError at misfits."""
        predictor = LinearPredictor.restore((OFF_TOPIC, ON_TOPIC), arrays, settings)
        return cls(predictor, arrays["neighbours_off"], arrays["neighbours_on"], float(settings["weight"]))


def _nearness(block: Vectors, vector: Vectors) -> float:
    """Mean cosine with the nearest rows."""
    cosines = block @ vector
    n = min(NEIGHBOURS, len(cosines))
    nearest = np.sort(np.partition(cosines, len(cosines) - n)[-n:])
    return float(np.mean(nearest, dtype=np.float64))
