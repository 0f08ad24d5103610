"""What scikit-learn is used for: fitting. What it fitted is predicted by `tfidf` and `head`, and compared here."""

from collections.abc import Sequence

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from winnow.core.errors import WinnowError
from winnow.ml.head import Head
from winnow.ml.tfidf import Tfidf, terms

# The score of a class that had no example: e to this power is no probability worth naming.
NEVER = -30.0
TOLERANCE = 1e-9


def fit_tfidf(texts: Sequence[str]) -> Tfidf:
    """A TF-IDF of all terms of the texts. Raises WinnowError where the predictor differs from scikit-learn."""
    vectoriser = TfidfVectorizer(analyzer=terms)
    matrix = scipy.sparse.csr_matrix(vectoriser.fit_transform(texts))
    tfidf = Tfidf(tuple(vectoriser.get_feature_names_out().tolist()), vectoriser.idf_.astype(np.float64))
    matrix.sort_indices()
    rows = tfidf.rows(texts)
    is_equal = np.array_equal(rows.columns, matrix.indices) and np.array_equal(
        np.bincount(rows.rows, minlength=rows.n), np.diff(matrix.indptr)
    )
    if not is_equal or not np.allclose(rows.values, matrix.data, rtol=0.0, atol=TOLERANCE):
        raise WinnowError("TF-IDF differs from scikit-learn for these texts; this is a defect, please report it")
    return tfidf


def fit_head(
    features: scipy.sparse.csr_matrix,
    labels: Sequence[str],
    weights: NDArray[np.float64],
    tags: Sequence[str],
    c: float,
) -> Head:
    """A multinomial logistic regression with L2 penalty, columns in the order of `tags`.

    A tag without a label gets a score that never wins. One BLAS thread: two add in another order.
    """
    if len(set(labels)) == 1:
        return Head(
            np.zeros((features.shape[1], len(tags))), np.array([0.0 if t == labels[0] else NEVER for t in tags])
        )
    with threadpool_limits(limits=1):
        fitted = LogisticRegression(C=c, max_iter=5_000, tol=1e-5).fit(features, labels, sample_weight=weights)
    coef = np.zeros((features.shape[1], len(tags)))
    intercept = np.full(len(tags), NEVER)
    columns = [list(tags).index(label) for label in fitted.classes_]
    # Two classes are fitted as one score, which is the second's.
    is_pair = len(columns) == 2
    coef[:, columns] = np.vstack([np.zeros_like(fitted.coef_), fitted.coef_]).T if is_pair else fitted.coef_.T
    intercept[columns] = np.array([0.0, fitted.intercept_[0]]) if is_pair else fitted.intercept_
    return Head(coef, intercept)


def balanced_weights(labels: Sequence[str], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights scaled so that every label weighs the same in sum, and all together as before.

    >>> balanced_weights(["a", "a", "b"], np.ones(3)).tolist()
    [0.75, 0.75, 1.5]
    """
    names, places = np.unique(np.asarray(labels), return_inverse=True)
    sums = np.bincount(places, weights=weights)
    return np.asarray(weights * (weights.sum() / (len(names) * sums))[places], dtype=np.float64)
