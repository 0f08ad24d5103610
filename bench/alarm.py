"""How soon does the alarm notice that precision is below target? And how often is it wrong.

Audits are simulated: alpha .05, allowed error .05. Beside each figure of the alarm as shipped, with its restarts, stands
that of the same alarm without them. "Quiet" are audits at an error of .02 before the fault.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from record import record
from winnow.ml.audit import RESTART_EVERY, evidence

ALPHA, ALLOWED, RUNS, LENGTH = 0.05, 0.05, 4_000, 1_000
CASES = {
    "fresh epoch, error .10": (0.10, 0),
    "fresh epoch, error .15": (0.15, 0),
    "after 300 quiet ones, .10": (0.10, 300),
}


def main() -> None:
    """Simulate all and write it down."""
    figures: dict[str, Any] = {"runs": RUNS, "alpha": ALPHA, "allowed error": ALLOWED, "restart every": RESTART_EVERY}
    samples = {}
    for seed, (name, (rate, quiet)) in enumerate(CASES.items()):
        rates = np.where(np.arange(LENGTH) < quiet, 0.02, rate)
        for words, restart_every in (("", RESTART_EVERY), (", no restarts", None)):
            delays = _alarms(rates, seed, restart_every) - quiet
            late = delays[delays > 0]
            figures[f"{name}{words}"] = {"median": float(np.median(late)), "p90": float(np.quantile(late, 0.9))}
            samples[f"{name}{words}, of the first 200 runs"] = delays[:200].tolist()
    for words, restart_every in (("", RESTART_EVERY), (", no restarts", None)):
        alarms = _alarms(np.full(LENGTH, ALLOWED), 9, restart_every)
        figures[f"false alarms within {LENGTH}, error .05{words}"] = float((alarms <= LENGTH).mean())
    record("alarm", figures, samples)


def _alarms(rates: NDArray[np.float64], seed: int, restart_every: int | None) -> NDArray[np.int_]:
    """The audit of each run's alarm; one past the end where there is none."""
    found = []
    for part in range(RUNS // 500):
        is_wrong = np.random.default_rng([seed, part]).random((500, LENGTH)) < rates
        raised = evidence(is_wrong, ALLOWED, restart_every) >= 1.0 / ALPHA
        found.append(np.where(raised.any(axis=1), raised.argmax(axis=1) + 1, LENGTH + 1))
    return np.concatenate(found)


if __name__ == "__main__":
    main()
