"""The trivial baseline: how often each tag occurs, whatever the text says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from winnow.core.values import Classification, Document, Example
from winnow.ml.base import Arrays, Probabilities, Vectors
from winnow.ml.head import answer


@dataclass(frozen=True, slots=True, eq=False)
class DummyPredictor:
    """Answers `priors` (k,) to everything."""

    classes_: tuple[str, ...]
    priors: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.priors.shape != (len(self.classes_),) or abs(self.priors.sum() - 1.0) > 1e-9:
            raise ValueError("priors do not fit the classes or do not sum to one")

    @property
    def needs_encoder(self) -> bool:
        """False."""
        return False

    def classify(self, documents: Sequence[Document], vectors: Vectors | None = None) -> list[Classification]:  # noqa: ARG002  the contract of every predictor
        """The same Classification for each document."""
        return [answer(self.classes_, self.priors.tolist())] * len(documents)

    def calibrated(self, probabilities: Probabilities, labels: Sequence[str]) -> Self:  # noqa: ARG002  as above
        """Itself: a share that was counted is calibrated."""
        return self

    def arrays(self) -> Arrays:
        """The priors."""
        return {"priors": self.priors}

    def settings(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    @classmethod
    def restore(cls, classes: tuple[str, ...], arrays: Arrays, settings: Mapping[str, Any]) -> Self:  # noqa: ARG003  as above
        """The predictor that had these arrays."""
        return cls(classes, arrays["priors"])


class DummyClassifier:
    """Counts tags."""

    def fit(self, examples: Sequence[Example], tags: Sequence[str], vectors: Vectors | None = None) -> DummyPredictor:  # noqa: ARG002  the contract of every classifier
        """Weighted shares of the tags among the examples."""
        return DummyPredictor(tuple(tags), class_shares(examples, tags))


def class_shares(examples: Sequence[Example], tags: Sequence[str]) -> NDArray[np.float64]:
    """The weighted share (k,) of each tag among the examples."""
    sums = dict.fromkeys(tags, 0.0)
    for example in examples:
        sums[example.tag] += example.weight
    shares = np.array(list(sums.values()))
    return np.asarray(shares / shares.sum(), dtype=np.float64)
