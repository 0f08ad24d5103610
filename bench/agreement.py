"""How far two labellers agree beyond chance."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winnow.core.intervals import clopper_pearson

DRAWS = 2_000


def agreement(pairs: Sequence[tuple[str, str]], tags: Sequence[str]) -> dict[str, Any]:
    """Raw agreement (exact interval), Krippendorff's alpha and Gwet's AC1 (bootstrap over works) of pairs of labels.

    Sources: Krippendorff 2004, nominal data, two labellers, nothing missing; Gwet 2008.
    """
    places = np.array([[tags.index(one), tags.index(other)] for one, other in pairs])
    n = len(places)
    raw = clopper_pearson(int((places[:, 0] == places[:, 1]).sum()), n)
    random = np.random.default_rng(0)
    draws = [places[random.integers(n, size=n)] for _ in range(DRAWS)]
    figures = {"raw agreement": {"value": raw.value, "low": raw.low, "high": raw.high, "n": n}}
    for name, measure in {"Krippendorff's alpha": alpha, "Gwet's AC1": ac1}.items():
        low, high = np.quantile([measure(draw, len(tags)) for draw in draws], [0.025, 0.975]).tolist()
        figures[name] = {"value": measure(places, len(tags)), "low": low, "high": high, "n": n}
    return {name: {key: round(value, 4) for key, value in figure.items()} for name, figure in figures.items()}


def alpha(places: NDArray[np.int64], k: int) -> float:
    """Krippendorff's alpha of places (n, 2) among k tags; 1 where only one tag occurs."""
    counts = np.bincount(places.ravel(), minlength=k)
    total = counts.sum()
    expected = 1.0 - float((counts * (counts - 1)).sum()) / (total * (total - 1))
    observed = float(np.mean(places[:, 0] != places[:, 1]))
    return 1.0 - observed / expected if expected else 1.0


def ac1(places: NDArray[np.int64], k: int) -> float:
    """Gwet's AC1 of places (n, 2) among k tags."""
    shares = np.bincount(places.ravel(), minlength=k) / places.size
    by_chance = float((shares * (1.0 - shares)).sum()) / (k - 1)
    return (float(np.mean(places[:, 0] == places[:, 1])) - by_chance) / (1.0 - by_chance)
