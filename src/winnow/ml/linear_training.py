"""Train the softmax regression of `linear`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from winnow.core.text import joined
from winnow.core.values import Document, Example
from winnow.ml.base import Vectors
from winnow.ml.features import Features
from winnow.ml.fitting import balanced_weights, fit_head, fit_tfidf
from winnow.ml.head import Head
from winnow.ml.landmarks import Landmarks
from winnow.ml.linear import LinearPredictor
from winnow.ml.rules import Rule

# Added to the diagonal of the nearness of landmarks to one another, so that equal works do no harm.
JITTER = 1e-4
# Their cost in training is cubic, and a vector is compared with each of them.
MAX_LANDMARKS = 1_536


@dataclass(frozen=True, slots=True)
class LinearClassifier:
    """L2-penalised softmax regression in which every tag weighs the same.

    `features` are among "encoder", "landmarks", "rules" and "tfidf", the second in place of the first. `c` is the
    inverse strength of the penalty. `tfidf_scale`, `rule_scale` and `landmark_scale` are the length of a TF-IDF row,
    the value of a rule that fires and the length of a vector among landmarks, beside a vector's own length of one: the
    greater, the less the penalty holds them back. `gamma` says how near is near; of more than
    MAX_LANDMARKS examples those at even steps are landmarks.
    """

    features: tuple[str, ...]
    c: float
    tfidf_scale: float = 1.0
    rule_scale: float = 1.0
    rules: tuple[Rule, ...] = ()
    landmark_scale: float = 1.0
    gamma: float = 1.0

    def fit(self, examples: Sequence[Example], tags: Sequence[str], vectors: Vectors | None = None) -> LinearPredictor:
        """Train on all examples with their weights."""
        documents = [example.document for example in examples]
        features = self._features(documents, tags, vectors)
        labels = [example.tag for example in examples]
        weights = balanced_weights(labels, np.array([example.weight for example in examples]))
        # One thread of BLAS: two add in another order.
        with threadpool_limits(limits=1):
            basis = self._basis(features)
            scaled = basis.scaled(feature_matrix(features, documents, vectors))
            head = fit_head(scaled, labels, weights, tags, self.c)
            # Scaled back, so that serving need not know.
            return LinearPredictor(tuple(tags), Head(basis.unscaled(head.coef), head.intercept), features)

    def _features(self, documents: Sequence[Document], tags: Sequence[str], vectors: Vectors | None) -> Features:
        width, landmarks = 0, None
        if {"encoder", "landmarks"} & set(self.features):
            if vectors is None or len(vectors) != len(documents):
                raise ValueError(f"{len(documents)} examples need as many vectors")
            width = vectors.shape[1]
            landmarks = self._landmarks(vectors) if "landmarks" in self.features else None
        rules = tuple(rule for rule in self.rules if rule.tag in tags and "rules" in self.features)
        tfidf = fit_tfidf([joined(doc) for doc in documents]) if "tfidf" in self.features else None
        return Features(width, rules, tfidf, landmarks)

    def _landmarks(self, vectors: Vectors) -> Landmarks:
        n = min(len(vectors), MAX_LANDMARKS)
        chosen = np.linspace(0, len(vectors) - 1, n).round().astype(int)
        return Landmarks(np.ascontiguousarray(vectors[chosen], dtype=np.float32), self.gamma)

    def _basis(self, features: Features) -> "_Basis":
        n_terms = features.size - features.n_dense - len(features.rules)
        sparse = np.repeat([self.rule_scale, self.tfidf_scale], [len(features.rules), n_terms])
        if features.landmarks is None:
            return _Basis(np.concatenate([np.ones(features.n_dense), sparse]), None)
        marks = features.landmarks
        nearness = np.array([marks.near(vector) for vector in marks.vectors]) + JITTER * np.eye(len(marks.vectors))
        root = scipy.linalg.cholesky(nearness, lower=True) / self.landmark_scale
        return _Basis(np.concatenate([np.ones(features.n_dense), sparse]), root)


@dataclass(frozen=True, slots=True)
class _Basis:
    """The units in which features are penalised: a scale (d,) each and, among landmarks, the root of their nearness.

    Divided by that root, the products of rows are the nearness of their vectors (as far as landmarks tell it), so that
    many landmarks weigh no more than few. Source: Williams and Seeger 2000, the Nystroem method.
    """

    scales: NDArray[np.float64]
    root: NDArray[np.float64] | None

    def scaled(self, matrix: scipy.sparse.csr_matrix) -> scipy.sparse.csr_matrix:
        """Features (n, d) as they are fitted."""
        scaled = scipy.sparse.csr_matrix(matrix @ scipy.sparse.diags_array(self.scales))
        if self.root is None:
            return scaled
        m = len(self.root)
        dense = scipy.linalg.solve_triangular(self.root, scaled[:, :m].toarray().T, lower=True).T
        return scipy.sparse.csr_matrix(scipy.sparse.hstack([scipy.sparse.csr_matrix(dense), scaled[:, m:]]))

    def unscaled(self, coef: NDArray[np.float64]) -> NDArray[np.float64]:
        """Coefficients (d, k) of the features themselves, from those of the scaled ones."""
        own = coef * self.scales[:, None]
        if self.root is not None:
            m = len(self.root)
            own[:m] = scipy.linalg.solve_triangular(self.root, own[:m], lower=True, trans="T")
        return np.asarray(own, dtype=np.float64)


def feature_matrix(
    features: Features, documents: Sequence[Document], vectors: Vectors | None
) -> scipy.sparse.csr_matrix:
    """Features of documents (n, d), as serving sees them."""
    rows = features.of_texts(documents)
    entries = (rows.values, (rows.rows, rows.columns))
    matrix = scipy.sparse.coo_matrix(entries, shape=(rows.n, features.size)).tocsr()
    if features.width and vectors is not None:
        dense = np.array([features.of_vector(vector) for vector in vectors], dtype=np.float64)
        matrix = scipy.sparse.hstack([scipy.sparse.csr_matrix(dense), matrix[:, features.n_dense :]]).tocsr()
    return scipy.sparse.csr_matrix(matrix)
