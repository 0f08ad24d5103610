"""TF-IDF of words and pairs of words, without scikit-learn: the predictor of what that library fitted."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_TOKEN = re.compile(r"\w\w+")


def terms(text: str) -> list[str]:
    """Lower-case words of two letters or more, then each pair of neighbours.

    >>> terms("Read the PDF")
    ['read', 'the', 'pdf', 'read the', 'the pdf']
    """
    words = _TOKEN.findall(text.lower())
    return words + [f"{first} {second}" for first, second in pairwise(words)]


@dataclass(frozen=True, slots=True)
class Tfidf:
    """A vocabulary with its inverse document frequencies: a term's place in `vocabulary` is its feature."""

    vocabulary: tuple[str, ...]
    idf: NDArray[np.float64]
    _places: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.idf.shape != (len(self.vocabulary),):
            raise ValueError(f"{len(self.vocabulary)} terms but idf {self.idf.shape}")
        object.__setattr__(self, "_places", {term: place for place, term in enumerate(self.vocabulary)})

    def features(self, text: str) -> tuple[list[int], NDArray[np.float64]]:
        """Indices and values of what is not zero; the values have length one, or there are none."""
        places = self._places
        counts = Counter([places[term] for term in terms(text) if term in places])
        # In the order of the features, so that the same text gives the same sum.
        indices = sorted(counts)
        values = np.array([counts[index] for index in indices], dtype=np.float64) * self.idf[indices]
        return indices, values / np.sqrt(np.square(values).sum()) if indices else values
