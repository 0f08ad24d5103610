"""Train the softmax regression of `linear`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from winnow.core.text import joined
from winnow.core.values import Document, Example
from winnow.ml.base import Vectors
from winnow.ml.features import Features
from winnow.ml.fitting import balanced_weights, fit_head, fit_tfidf
from winnow.ml.head import Head
from winnow.ml.linear import LinearPredictor
from winnow.ml.rules import Rule


@dataclass(frozen=True, slots=True)
class LinearClassifier:
    """L2-penalised softmax regression in which every tag weighs the same.

    `features` are among "encoder", "rules" and "tfidf". `c` is the inverse strength of the penalty. `tfidf_scale` and
    `rule_scale` are the length of a TF-IDF row and the value of a rule that fires, beside a vector's length of one:
    the greater, the less the penalty holds them back.
    """

    features: tuple[str, ...]
    c: float
    tfidf_scale: float = 1.0
    rule_scale: float = 1.0
    rules: tuple[Rule, ...] = ()

    def fit(self, examples: Sequence[Example], tags: Sequence[str], vectors: Vectors | None = None) -> LinearPredictor:
        """Train on all examples with their weights."""
        documents = [example.document for example in examples]
        features = self._features(documents, tags, vectors)
        matrix = feature_matrix(features, documents, vectors)
        scales = self._scales(features)
        labels = [example.tag for example in examples]
        weights = balanced_weights(labels, np.array([example.weight for example in examples]))
        scaled = scipy.sparse.csr_matrix(matrix @ scipy.sparse.diags_array(scales))
        head = fit_head(scaled, labels, weights, tags, self.c)
        # Scaled back, so that serving need not know.
        return LinearPredictor(tuple(tags), Head(head.coef * scales[:, None], head.intercept), features)

    def _features(self, documents: Sequence[Document], tags: Sequence[str], vectors: Vectors | None) -> Features:
        width = 0
        if "encoder" in self.features:
            if vectors is None or len(vectors) != len(documents):
                raise ValueError(f"{len(documents)} examples need as many vectors")
            width = vectors.shape[1]
        rules = tuple(rule for rule in self.rules if rule.tag in tags and "rules" in self.features)
        tfidf = fit_tfidf([joined(doc) for doc in documents]) if "tfidf" in self.features else None
        return Features(width, rules, tfidf)

    def _scales(self, features: Features) -> NDArray[np.float64]:
        n_terms = features.size - features.width - len(features.rules)
        parts = ((1.0, features.width), (self.rule_scale, len(features.rules)), (self.tfidf_scale, n_terms))
        return np.concatenate([np.full(count, scale) for scale, count in parts])


def feature_matrix(
    features: Features, documents: Sequence[Document], vectors: Vectors | None
) -> scipy.sparse.csr_matrix:
    """Features of documents (n, d), as serving sees them."""
    rows = features.of_texts(documents)
    entries = (rows.values, (rows.rows, rows.columns))
    matrix = scipy.sparse.coo_matrix(entries, shape=(rows.n, features.size)).tocsr()
    if features.width and vectors is not None:
        dense = scipy.sparse.csr_matrix(vectors, dtype=np.float64)
        matrix = scipy.sparse.hstack([dense, matrix[:, features.width :]]).tocsr()
    return scipy.sparse.csr_matrix(matrix)
