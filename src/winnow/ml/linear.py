"""One softmax regression over encoder vectors, labelling functions and TF-IDF: what recipes v3 to v5 train."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from winnow.core.values import Classification, Document
from winnow.ml.base import Arrays, Probabilities, Vectors
from winnow.ml.calibration import fit_temperature
from winnow.ml.features import Features
from winnow.ml.head import Head, answer

# Few enough that their numbers stay in the processor's cache.
ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class LinearPredictor:
    """A head over features."""

    classes_: tuple[str, ...]
    head: Head
    features: Features

    def __post_init__(self) -> None:
        expected = (self.features.size, len(self.classes_))
        if self.head.coef.shape != expected:
            raise ValueError(f"coef has shape {self.head.coef.shape} and should have {expected}")

    @property
    def needs_encoder(self) -> bool:
        """Whether `classify` has to be given vectors."""
        return self.features.width > 0

    def classify(self, documents: Sequence[Document], vectors: Vectors | None = None) -> list[Classification]:
        """One Classification a document, in order. Raises ValueError where vectors are needed and do not fit."""
        width = self.features.width
        if not width:
            vectors = np.empty((len(documents), 0), dtype=np.float32)
        if vectors is None or vectors.shape != (len(documents), width):
            raise ValueError(f"{len(documents)} documents need as many vectors of width {width}")
        if len(documents) == 1:
            return [self._classify_one(documents[0], vectors[0])]
        starts = range(0, len(documents), ROWS_AT_ONCE)
        parts = [slice(start, start + ROWS_AT_ONCE) for start in starts]
        return [answer for part in parts for answer in self._classify(documents[part], vectors[part])]

    def _classify(self, documents: Sequence[Document], vectors: Vectors) -> list[Classification]:
        scores = self.head.sparse_scores(self.features.of_texts(documents))
        if self.features.width:
            scores += np.array([self.head.dense_scores(vector) for vector in vectors])
        return [answer(self.classes_, row) for row in self.head.probabilities(scores)]

    def _classify_one(self, document: Document, vector: NDArray[np.float32]) -> Classification:
        """The same answer, bit by bit, in half of the time."""
        scores = self.head.row_scores(*self.features.of_text(document))
        if self.features.width:
            dense = self.head.dense_scores(vector).tolist()
            scores = [score + more for score, more in zip(scores, dense, strict=True)]
        return answer(self.classes_, self.head.row_probabilities(scores))

    def calibrated(self, probabilities: Probabilities, labels: Sequence[str]) -> Self:
        """The same scores divided by the temperature that fits best."""
        temperature = fit_temperature(probabilities, [self.classes_.index(label) for label in labels])
        return replace(self, head=replace(self.head, temperature=temperature))

    def arrays(self) -> Arrays:
        """The numbers of head and features."""
        return self.head.arrays() | self.features.arrays()

    def settings(self) -> dict[str, Any]:
        """The words of the features."""
        return self.features.settings()

    @classmethod
    def restore(cls, classes: tuple[str, ...], arrays: Arrays, settings: Mapping[str, Any]) -> Self:
        """The predictor that had these arrays and settings."""
        return cls(classes, Head.restore(arrays), Features.restore(arrays, settings))
