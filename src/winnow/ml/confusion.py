"""Count answers against the truth, and the figures that follow from the counts."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winnow.core.intervals import clopper_pearson
from winnow.core.values import Interval

Counts = NDArray[np.int64]
AVERAGED = ("precision", "recall", "f1")
DRAWS = 1_000


def confusion(truth: Sequence[str], said: Sequence[str | None], classes: Sequence[str]) -> Counts:
    """Counts (k + 1, k + 1): truth by row, answer by column; the last of each is "none of the classes"."""
    places: dict[str | None, int] = {tag: place for place, tag in enumerate(classes)}
    counts = np.zeros((len(classes) + 1, len(classes) + 1), dtype=np.int64)
    for meant, answered in zip(truth, said, strict=True):
        counts[places.get(meant, -1), places.get(answered, -1)] += 1
    return counts


def per_class(counts: Counts) -> dict[str, NDArray[np.float64]]:
    """Precision, recall, f1 and n of each class, shape (..., k); a share of nothing is 0. Any number of leading axes."""
    right = np.diagonal(counts, axis1=-2, axis2=-1)[..., :-1]
    claimed, n = counts.sum(axis=-2)[..., :-1], counts.sum(axis=-1)[..., :-1]
    return {
        "precision": _share(right, claimed),
        "recall": _share(right, n),
        "f1": _share(2 * right, claimed + n),
        "n": n.astype(np.float64),
    }


def overall(counts: Counts) -> dict[str, Any]:
    """Precision, recall and f1 weighted by class size, and accuracy over all rows, shape (...)."""
    figures = per_class(counts)
    n = figures["n"].sum(axis=-1)
    averages = {name: _share((figures[name] * figures["n"]).sum(axis=-1), n) for name in AVERAGED}
    right = np.diagonal(counts, axis1=-2, axis2=-1)[..., :-1].sum(axis=-1)
    return {**averages, "accuracy": _share(right, counts.sum(axis=(-2, -1)))}


def intervals(counts: Counts, classes: Sequence[str], *, seed: int = 0) -> dict[str, Interval]:
    """95 % intervals: Clopper-Pearson for accuracy and for `precision of TAG`, bootstrap percentiles for the averages.

    To draw rows with replacement is to draw the cells of the table from a multinomial distribution.
    """
    n, value = int(counts.sum()), overall(counts)
    right = np.diagonal(counts)[:-1]
    found = {f"precision of {tag}": _exact(right[i], counts[:, i].sum()) for i, tag in enumerate(classes)}
    found["accuracy"] = _exact(right.sum(), n)
    if n == 0:
        return found | {name: Interval(0.0, 0.0, 1.0, 0) for name in AVERAGED}
    random = np.random.default_rng(seed)
    drawn = overall(random.multinomial(n, counts.ravel() / n, size=DRAWS).reshape(DRAWS, *counts.shape))
    for name in AVERAGED:
        low, high = np.quantile(drawn[name], [0.025, 0.975]).tolist()
        found[name] = Interval(float(value[name]), low, high, n)
    return found


def as_numbers(figures: Mapping[str, Any]) -> dict[str, float]:
    """Figures of one table as plain numbers."""
    return {name: float(figure) for name, figure in figures.items()}


def _exact(k: np.int64 | int, n: np.int64 | int) -> Interval:
    return clopper_pearson(int(k), int(n))


def _share(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    """Part of a whole, and 0 of nothing."""
    shares = np.zeros(np.broadcast(part, whole).shape)
    np.divide(part, whole, out=shares, where=np.asarray(whole) > 0)
    return shares
