"""Is an experiment on readers stopped where its variant harms, and left alone where it does not? Replays with known truth.

`reader_experiments.py [RUNS]`. Each replay is `DAYS` days of about `PER_DAY` readers who come once (each counts once in an
experiment); chance puts them on a side, and they report something or find something with the stated probabilities. Every
twelve hours the sums are judged as `services/experiments.py` judges them, with the margins that a form begins with, and a
replay ends with the first broken guard. Seeds from 3000 on: none was looked at while the tests were made.
Besides, without margins, where false stops are likeliest: equal sides judged with margin 0.
"""

import sys
from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np

from record import record
from winnow.core.experiments import FIND, GUARDED, OUTCOMES, REPORT, Tally
from winnow.core.intervals import clopper_pearson
from winnow.ml.experiments import ALPHA, difference, guarded

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
FIRST_SEED, DAYS, LOOKS, PER_DAY = 3000, 28, 2, 1000
MARGINS = {REPORT: 0.002, FIND: 0.02}
NONE = dict.fromkeys(MARGINS, 0.0)
# What readers of the control do, and of the variant.
EQUAL = {REPORT: (0.005, 0.005), FIND: (0.4, 0.4)}
KINDS: dict[str, tuple[dict[str, tuple[float, float]], dict[str, float]]] = {
    "no difference, margins as the form begins": (EQUAL, MARGINS),
    "no difference, no margins": (EQUAL, NONE),
    "worse by just the margins": ({REPORT: (0.005, 0.007), FIND: (0.4, 0.38)}, MARGINS),
    "reports three times as frequent": ({REPORT: (0.005, 0.015), FIND: (0.4, 0.4)}, MARGINS),
    "8 points fewer find something": ({REPORT: (0.005, 0.005), FIND: (0.4, 0.32)}, MARGINS),
}


def main() -> None:
    """All replays of all kinds."""
    figures: dict[str, Any] = {"replays of each": RUNS, "readers a day": PER_DAY, "days": DAYS, "looks a day": LOOKS}
    samples = {}
    for number, (name, (truth, margins)) in enumerate(KINDS.items()):
        ends = [_replay(np.random.default_rng([FIRST_SEED + run, number]), truth, margins) for run in range(RUNS)]
        stopped = [float(end) for end in ends if end]
        found = clopper_pearson(len(stopped), RUNS)
        figures[name] = {
            "stopped": round(found.value, 4),
            "low": round(found.low, 4),
            "high": round(found.high, 4),
            "n": RUNS,
            "readers until then, median": median(stopped) if stopped else None,
        }
        samples[f"{name}: readers until stopped"] = stopped
        print(name, figures[name], flush=True)
    figures["intervals that miss, at any look"] = _missed()
    record("reader_experiments", figures | {"alpha": ALPHA}, samples)


def _replay(rng: np.random.Generator, truth: dict[str, tuple[float, float]], margins: dict[str, float]) -> int:
    """How many readers had come when it was stopped; 0 where it was not."""
    for sides in _looks(rng, truth):
        broken = any(
            guarded(*sides[name], margin=margins[name], is_harm=OUTCOMES[name].is_harm).is_broken for name in GUARDED
        )
        if broken:
            return sides[FIND][0].n + sides[FIND][1].n
    return 0


def _looks(rng: np.random.Generator, truth: dict[str, tuple[float, float]]) -> Iterator[dict[str, tuple[Tally, Tally]]]:
    """The sums by each look, of control and variant."""
    n = np.zeros(2, dtype=int)
    did = {name: np.zeros(2, dtype=int) for name in truth}
    for _ in range(DAYS * LOOKS):
        came = rng.poisson(PER_DAY / LOOKS)
        on_variant = rng.binomial(came, 0.5)
        new = np.array([came - on_variant, on_variant])
        n += new
        for name, shares in truth.items():
            did[name] += rng.binomial(new, shares)
        yield {name: (Tally(int(n[0]), int(k[0])), Tally(int(n[1]), int(k[1]))) for name, k in did.items()}


def _missed() -> dict[str, dict[str, float]]:
    """Of replays with a difference, those in which the interval of an outcome ever missed it; a tenth of the replays."""
    truth = {REPORT: (0.005, 0.010), FIND: (0.4, 0.45)}
    n, missed = max(RUNS // 10, 1), dict.fromkeys(truth, 0)
    for run in range(n):
        out = set()
        for sides in _looks(np.random.default_rng([FIRST_SEED + run, 99]), truth):
            for name, (control, variant) in truth.items():
                found = difference(*sides[name])
                if not found.low <= variant - control <= found.high:
                    out.add(name)
        for name in out:
            missed[name] += 1
    shares = {name: clopper_pearson(k, n) for name, k in missed.items()}
    return {
        name: {"share": of.value, "low": round(of.low, 4), "high": round(of.high, 4), "n": n}
        for name, of in shares.items()
    }


if __name__ == "__main__":
    main()
