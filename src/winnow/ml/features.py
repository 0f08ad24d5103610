"""What a linear head sees of a document: an encoder's vector, labelling functions that fire, and TF-IDF.

In place of the vector itself there may be its nearness to landmarks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from winnow.core.text import joined
from winnow.core.values import Document
from winnow.ml.base import Arrays, Vectors
from winnow.ml.landmarks import Landmarks
from winnow.ml.rules import Rule, RuleBook, rule_from_json, rule_to_json
from winnow.ml.sparse import SparseRows
from winnow.ml.tfidf import Tfidf


@dataclass(frozen=True, slots=True)
class Features:
    """Numbers of each document in their order: `n_dense`, one a rule, one a term. Each part may be absent.

    `width` is how long the vectors are that are read; the dense numbers are a vector's own or its nearness to landmarks.
    """

    width: int = 0
    rules: tuple[Rule, ...] = ()
    tfidf: Tfidf | None = None
    landmarks: Landmarks | None = None
    _book: RuleBook = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_book", RuleBook(self.rules))
        if self.landmarks is not None and self.landmarks.vectors.shape[1] != self.width:
            raise ValueError(f"landmarks {self.landmarks.vectors.shape} do not fit vectors of width {self.width}")

    @property
    def n_dense(self) -> int:
        """How many stand for a vector."""
        return self.width if self.landmarks is None else len(self.landmarks.vectors)

    @property
    def size(self) -> int:
        """How many there are."""
        return self.n_dense + len(self.rules) + (len(self.tfidf.vocabulary) if self.tfidf else 0)

    def of_vector(self, vector: Vectors) -> NDArray[np.floating]:
        """The dense numbers (n_dense,) of one vector (width,)."""
        return vector if self.landmarks is None else self.landmarks.near(vector)

    def of_texts(self, documents: Sequence[Document]) -> SparseRows:
        """All that follows the dense numbers and is not zero: 1 for a rule that fires, TF-IDF for a term."""
        texts = [joined(doc) for doc in documents]
        terms = self.tfidf.rows(texts) if self.tfidf else SparseRows.of_ones([()] * len(texts))
        offset = self.n_dense + len(self.rules)
        terms = replace(terms, columns=terms.columns + offset) if offset else terms
        if not self.rules:
            return terms
        fired = SparseRows.of_ones(self._book.fired(texts))
        return replace(fired, columns=fired.columns + self.n_dense).followed_by(terms)

    def arrays(self) -> Arrays:
        """The inverse document frequencies, and the landmarks."""
        idf = {"idf": self.tfidf.idf} if self.tfidf else {}
        return idf if self.landmarks is None else idf | {"landmarks": self.landmarks.vectors}

    def settings(self) -> dict[str, Any]:
        """The width, the rules and the vocabulary, and how far landmarks reach."""
        own: dict[str, Any] = {} if self.landmarks is None else {"gamma": self.landmarks.gamma}
        vocabulary = list(self.tfidf.vocabulary) if self.tfidf else None
        rules = [rule_to_json(rule) for rule in self.rules]
        return {"width": self.width, "rules": rules, "vocabulary": vocabulary} | own

    @classmethod
    def restore(cls, arrays: Arrays, settings: Mapping[str, Any]) -> Self:
        """The features that had these arrays and settings."""
        vocabulary: Sequence[str] | None = settings["vocabulary"]
        tfidf = None if vocabulary is None else Tfidf(tuple(vocabulary), arrays["idf"])
        rules = tuple(rule_from_json(rule) for rule in settings["rules"])
        landmarks = Landmarks(arrays["landmarks"], float(settings["gamma"])) if "gamma" in settings else None
        return cls(int(settings["width"]), rules, tfidf, landmarks)
