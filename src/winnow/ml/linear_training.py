"""Train the softmax regression of `linear`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse

from winnow.core.text import joined
from winnow.core.values import Example
from winnow.ml.base import Vectors
from winnow.ml.fitting import balanced_weights, fit_head, fit_tfidf
from winnow.ml.head import Head
from winnow.ml.linear import LinearPredictor
from winnow.ml.tfidf import Tfidf

FEATURES = ("encoder", "tfidf")


@dataclass(frozen=True, slots=True)
class LinearClassifier:
    """L2-penalised softmax regression in which every tag weighs the same.

    `c` is the inverse strength of the penalty, `tfidf_scale` the length of a TF-IDF row beside a vector's length of one.
    """

    features: tuple[str, ...]
    c: float
    tfidf_scale: float = 1.0
    min_df: int = 1

    def fit(self, examples: Sequence[Example], tags: Sequence[str], vectors: Vectors | None = None) -> LinearPredictor:
        """Train on all examples with their weights."""
        blocks, width, tfidf = [], 0, None
        if "encoder" in self.features:
            if vectors is None or len(vectors) != len(examples):
                raise ValueError(f"{len(examples)} examples need as many vectors")
            blocks.append(scipy.sparse.csr_matrix(vectors, dtype=np.float64))
            width = vectors.shape[1]
        if "tfidf" in self.features:
            tfidf, matrix = fit_tfidf([joined(example.document) for example in examples], min_df=self.min_df)
            blocks.append(matrix * self.tfidf_scale)
        labels = [example.tag for example in examples]
        weights = balanced_weights(labels, np.array([example.weight for example in examples]))
        head = fit_head(scipy.sparse.csr_matrix(scipy.sparse.hstack(blocks)), labels, weights, tags, self.c)
        return LinearPredictor(tuple(tags), self._unscaled(head, width, tfidf), width, tfidf)

    def _unscaled(self, head: Head, width: int, tfidf: Tfidf | None) -> Head:
        """The same head for TF-IDF rows of length one, so that serving need not know the scale."""
        coef = head.coef.copy()
        if tfidf is not None:
            coef[width:] *= self.tfidf_scale
        return Head(coef, head.intercept)
