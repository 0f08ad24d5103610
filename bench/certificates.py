"""How often is a certificate of the loop broken? Five hundred simulated streams at delta .10.

Streams are made so that breaking is easy: confidence says nothing true of the worst, and precision falls below the
target inside the pool. A run audits, looks, and, where nothing is certified, audits more and looks again, as
`services/recertify.py` does, tags that are contradicted withdrawn. It is broken where the true precision of all that it
lets through is below the target.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from record import record
from winnow.core.intervals import clopper_pearson
from winnow.ml.asking import risk_of
from winnow.ml.thresholds import certify, is_contradicted

RUNS, TARGET, DELTA, SIZE, TAGS = 500, 0.90, 0.10, 4_000, 4
# Chance to be right of the surest and of the least sure answer of the pool.
STREAMS = {"falls from .96 to .80": (0.96, 0.80), "just below the target": (0.895, 0.895), "as promised": (0.97, 0.90)}
LOOKS = (100, 50, 50)


def main() -> None:
    """Simulate all and write it down."""
    figures: dict[str, Any] = {"runs": RUNS, "target": TARGET, "delta": DELTA, "audits at each look": LOOKS}
    samples = {}
    for number, (name, ends) in enumerate(STREAMS.items()):
        found = [_run(np.random.default_rng([number, run]), ends) for run in range(RUNS)]
        given = [precision for precision in found if precision is not None]
        broken = sum(precision < TARGET for precision in given)
        share = clopper_pearson(broken, RUNS)
        figures[name] = {"certified": len(given), "broken": broken, "share": share.value, "low": round(share.low, 4)}
        figures[name]["high"] = round(share.high, 4)
        samples[f"{name}: true precision"] = given
    record("certificates", figures, samples)


def _run(generator: np.random.Generator, ends: tuple[float, float]) -> float | None:
    """The true precision of what one run certifies, None where it certifies nothing."""
    chances = np.linspace(*ends, SIZE)
    confidences = np.linspace(0.99, 0.60, SIZE)
    tags = generator.integers(TAGS, size=SIZE)
    is_right = generator.random(SIZE) < chances
    order, taken = generator.permutation(SIZE), list[float]()
    for n in np.cumsum(LOOKS):
        risk = risk_of(DELTA, taken)
        taken.append(risk)
        drawn = order[:n]
        withdrawn = _withdrawn(tags[drawn], is_right[drawn])
        kept = drawn[~np.isin(tags[drawn], withdrawn)]
        certificate = certify(confidences[kept].tolist(), is_right[kept].tolist(), target=TARGET, delta=risk)
        if certificate.threshold is not None:
            through = (confidences >= certificate.threshold) & ~np.isin(tags, withdrawn)
            return float(chances[through].mean())
    return None


def _withdrawn(tags: NDArray[np.int_], is_right: NDArray[np.bool_]) -> Sequence[int]:
    wrong = [(tag, int((~is_right[tags == tag]).sum()), int((tags == tag).sum())) for tag in range(TAGS)]
    return [tag for tag, k, n in wrong if is_contradicted(k, n, target=TARGET, delta=DELTA)]


if __name__ == "__main__":
    main()
