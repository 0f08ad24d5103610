"""What a linear head sees of a document: an encoder's vector, labelling functions that fire, and TF-IDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from winnow.core.text import joined
from winnow.core.values import Document
from winnow.ml.base import Arrays
from winnow.ml.rules import Rule, rule_from_json, rule_to_json
from winnow.ml.tfidf import Tfidf


@dataclass(frozen=True, slots=True)
class Features:
    """Numbers of each document in their order: `width` of a vector, one a rule, one a term. Each part may be absent."""

    width: int = 0
    rules: tuple[Rule, ...] = ()
    tfidf: Tfidf | None = None

    @property
    def size(self) -> int:
        """How many there are."""
        return self.width + len(self.rules) + (len(self.tfidf.vocabulary) if self.tfidf else 0)

    def of_text(self, doc: Document) -> tuple[list[int], NDArray[np.float64]]:
        """Indices and values of all that follows the vector and is not zero: 1 for a rule, TF-IDF for a term."""
        text = joined(doc)
        fired = [self.width + place for place, rule in enumerate(self.rules) if rule.fires(text)]
        if self.tfidf is None:
            return fired, np.ones(len(fired))
        offset = self.width + len(self.rules)
        indices, values = self.tfidf.features(text)
        return fired + [offset + index for index in indices], np.concatenate([np.ones(len(fired)), values])

    def arrays(self) -> Arrays:
        """The inverse document frequencies."""
        return {"idf": self.tfidf.idf} if self.tfidf else {}

    def settings(self) -> dict[str, Any]:
        """The width, the rules and the vocabulary."""
        vocabulary = list(self.tfidf.vocabulary) if self.tfidf else None
        return {"width": self.width, "rules": [rule_to_json(rule) for rule in self.rules], "vocabulary": vocabulary}

    @classmethod
    def restore(cls, arrays: Arrays, settings: Mapping[str, Any]) -> Self:
        """The features that had these arrays and settings."""
        vocabulary: Sequence[str] | None = settings["vocabulary"]
        tfidf = None if vocabulary is None else Tfidf(tuple(vocabulary), arrays["idf"])
        return cls(int(settings["width"]), tuple(rule_from_json(rule) for rule in settings["rules"]), tfidf)
