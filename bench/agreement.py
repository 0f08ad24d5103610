"""How far two labellers agree beyond chance."""

from collections.abc import Sequence
from typing import Any

from winnow.core.intervals import clopper_pearson
from winnow.ml.agreement import ac1, alpha, counts_of, with_interval


def agreement(pairs: Sequence[tuple[str, str]], tags: Sequence[str]) -> dict[str, Any]:
    """Raw agreement (exact interval), Krippendorff's alpha and Gwet's AC1 (bootstrap over works) of pairs of labels."""
    counts = counts_of([{"one": one, "other": other} for one, other in pairs], tags)
    figures = {
        "raw agreement": clopper_pearson(sum(one == other for one, other in pairs), len(pairs)),
        "Krippendorff's alpha": with_interval(alpha, counts),
        "Gwet's AC1": with_interval(ac1, counts),
    }
    return {
        name: {"value": round(f.value, 4), "low": round(f.low, 4), "high": round(f.high, 4), "n": f.n}
        for name, f in figures.items()
    }
