"""How near works are to those that bear a tag: where to look for what was put under another one.

Nearness is the mean cosine of a work's vector to the `K` works of the tag that are nearest to it: one like work may be a
slip, a few are not.
"""

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
K = 5


def nearness(vectors: Vectors, of_tag: Vectors, k: int = K) -> NDArray[np.float64]:
    """The nearness of each row to a tag, from -1 to 1, shape (n,); `of_tag` are the vectors of its works, at least one.

    >>> near = nearness(np.eye(2, dtype=np.float32), np.array([[2, 0], [1, 1]], dtype=np.float32), k=2)
    >>> [round(float(one), 3) for one in near]
    [0.854, 0.354]
    """
    cosines = _unit(vectors) @ _unit(of_tag).T
    k = min(k, cosines.shape[1])
    nearest = np.partition(cosines, cosines.shape[1] - k, axis=1)[:, -k:]
    means: NDArray[np.float64] = nearest.mean(axis=1, dtype=np.float64)
    return means


def _unit(vectors: Vectors) -> Vectors:
    """Of length one; what has no length stays as it is, near to nothing."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return unit
