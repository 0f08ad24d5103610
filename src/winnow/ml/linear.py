"""One softmax regression over encoder vectors, TF-IDF, or both: what the recipes v3, v4 and v5 train."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from winnow.core.text import joined
from winnow.core.values import Classification, Document
from winnow.ml.base import Arrays, Probabilities, Vectors
from winnow.ml.calibration import fit_temperature
from winnow.ml.head import Head, answer
from winnow.ml.tfidf import Tfidf


@dataclass(frozen=True, slots=True)
class LinearPredictor:
    """Features are `width` numbers of an encoder, then those of `tfidf`; either may be absent."""

    classes_: tuple[str, ...]
    head: Head
    width: int = 0
    tfidf: Tfidf | None = None

    def __post_init__(self) -> None:
        n_features = self.width + (len(self.tfidf.vocabulary) if self.tfidf else 0)
        if self.head.coef.shape != (n_features, len(self.classes_)):
            raise ValueError(f"coef {self.head.coef.shape} for {n_features} features of {len(self.classes_)} classes")

    @property
    def needs_encoder(self) -> bool:
        """Whether `classify` has to be given vectors."""
        return self.width > 0

    def classify(self, documents: Sequence[Document], vectors: Vectors | None = None) -> list[Classification]:
        """One Classification a document, in order. Raises ValueError where vectors are needed and do not fit."""
        if self.width and (vectors is None or vectors.shape != (len(documents), self.width)):
            raise ValueError(f"{len(documents)} documents need vectors of width {self.width}")
        return [self._classify_one(doc, vectors, row) for row, doc in enumerate(documents)]

    def _classify_one(self, doc: Document, vectors: Vectors | None, row: int) -> Classification:
        scores = np.zeros(len(self.classes_))
        if self.width and vectors is not None:
            scores += self.head.dense_scores(vectors[row])
        if self.tfidf is not None:
            indices, values = self.tfidf.features(joined(doc))
            scores += self.head.sparse_scores([self.width + index for index in indices], values)
        return answer(self.classes_, self.head.probabilities(scores))

    def calibrated(self, probabilities: Probabilities, labels: Sequence[str]) -> Self:
        """The same scores divided by the temperature that fits best."""
        temperature = fit_temperature(probabilities, [self.classes_.index(label) for label in labels])
        return replace(self, head=replace(self.head, temperature=temperature))

    def arrays(self) -> Arrays:
        """The head's numbers and the inverse document frequencies."""
        arrays: Arrays = {
            "coef": self.head.coef,
            "intercept": self.head.intercept,
            "temperature": np.array(self.head.temperature),
        }
        return arrays | ({"idf": self.tfidf.idf} if self.tfidf else {})

    def settings(self) -> dict[str, Any]:
        """The width of the vectors and the vocabulary."""
        return {"width": self.width, "vocabulary": list(self.tfidf.vocabulary) if self.tfidf else None}

    @classmethod
    def restore(cls, classes: tuple[str, ...], arrays: Arrays, settings: Mapping[str, Any]) -> Self:
        """The predictor that had these arrays and settings."""
        head = Head(arrays["coef"], arrays["intercept"], float(arrays["temperature"]))
        vocabulary = settings["vocabulary"]
        tfidf = None if vocabulary is None else Tfidf(tuple(vocabulary), arrays["idf"])
        return cls(classes, head, int(settings["width"]), tfidf)
