"""How near a vector is to those of works that trained: features by which a linear head bends around its examples."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winnow.ml.base import Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """Unit vectors (m, d). Nearness is exp(-gamma * squared distance): 1 at the landmark, less with `gamma` above 0."""

    vectors: Vectors
    gamma: float

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or self.vectors.dtype != np.float32:
            raise ValueError(f"landmarks are {self.vectors.dtype} {self.vectors.shape}, and should be float32 (m, d)")
        if not self.gamma > 0.0:
            raise ValueError(f"gamma {self.gamma} is not above 0")

    def near(self, vector: Vectors) -> NDArray[np.float64]:
        """Nearness (m,) of one unit vector (d,) to each landmark.

        `einsum` adds in one order for one shape; a product by BLAS would with its number of threads take another.
        """
        cosines = np.einsum("md,d->m", self.vectors, vector).astype(np.float64)
        return np.asarray(np.exp(2.0 * self.gamma * (cosines - 1.0)), dtype=np.float64)
