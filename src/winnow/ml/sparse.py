"""Rows of few numbers among many, and sums over them that no neighbour can change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SparseRows:
    """`n` rows; entry i says that `rows[i]` holds `values[i]` in `columns[i]`.

    Entries of one row stand in an order of their own text, whatever is between them.
    """

    n: int
    rows: Integers
    columns: Integers
    values: Floats

    def sums(self, weights: Floats) -> Floats:
        """For each row, the sums (n, k) of its values times the weights (d, k) of their columns, one by one in order.

        No matrix product and no pairwise sum: those add in another order in other company.
        """
        k = weights.shape[1]
        bins = self.rows[:, None] * k + np.arange(k)
        products = self.values[:, None] * weights[self.columns]
        added = np.bincount(bins.ravel(), products.ravel(), minlength=self.n * k)
        # Of no entries at all, numpy counts in integers.
        return added.astype(np.float64, copy=False).reshape(self.n, k)

    def followed_by(self, other: Self) -> Self:
        """These rows with the entries of `other` after their own."""
        rows, columns = np.concatenate([self.rows, other.rows]), np.concatenate([self.columns, other.columns])
        return type(self)(self.n, rows, columns, np.concatenate([self.values, other.values]))

    @classmethod
    def of_ones(cls, columns: Sequence[Sequence[int]]) -> Self:
        """Rows that hold 1 in the columns given for each."""
        flat = np.array([column for row in columns for column in row], dtype=np.int64)
        rows = np.repeat(np.arange(len(columns)), [len(row) for row in columns])
        return cls(len(columns), rows.astype(np.int64), flat, np.ones(len(flat)))
