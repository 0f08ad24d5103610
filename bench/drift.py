"""False alarms of drift where nothing changes, and how soon a drop of precision is found.

Years without drift: works of 63 days, whose days have moods of their own (a day's works resemble one another), looked at
once a week, with what one of six monitors of all works may spend. Each look is at fresh days: in life the windows of two
looks overlap, which does not change how often a look is wrong. Beside it, changes of some sizes, and how many are found
in their first week.

A drop of 5 points is found by audits, drawn at random: told by `ml/change.py`, which may be wrong half a time a year (of
624 audits), and proved by the alarm of `ml/audit.py`, which may be wrong once in twenty models.

Seeds 0 to 9 chose DIRECTIONS and BINS (`python drift.py tune`); what is reported is of seeds from 1000 on.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from record import record
from winnow.core.intervals import wilson
from winnow.ml import drift
from winnow.ml.audit import ALPHA, evidence
from winnow.ml.change import BUDGET, change_evidence, watch_change
from winnow.ml.drift import DAY, Compared, Days, compare_kinds, compare_values, compare_vectors, spending

SEED = 1_000
YEARS, WEEKS, MONITORS = 40, 52, 6
N_DAYS, DIMENSION, MOOD = 63, 64, 0.4
CHANGES = 100
RUNS, LENGTH, YEAR = 1_000, 1_200, 624
Floats = NDArray[np.float64]
# Of outcomes (runs, n) and the rate that is allowed: where an alarm is up.
Alarm = Callable[[NDArray[np.bool_], float], NDArray[np.bool_]]


def main() -> None:
    """Simulate all and write it down."""
    alpha = spending(7 * DAY, MONITORS)
    figures: dict[str, Any] = {"alpha of a look": round(alpha, 6), "monitors": MONITORS, "years": YEARS}
    samples: dict[str, Any] = {}
    for place, measure in enumerate(("kinds", "values", "vectors")):
        alarms = [sum(_look(measure, 0.0, alpha, [SEED, place, y, w]) for w in range(WEEKS)) for y in range(YEARS)]
        figures[f"false alarms a year, {measure}"] = _rate(alarms)
        samples[f"false alarms of each year, {measure}"] = alarms
        for size in (0.1, 0.25, 0.5, 1.0):
            found = sum(_look(measure, size, alpha, [SEED + 1, place, run]) for run in range(CHANGES))
            figures[f"found in the first week, {measure}, change {size}"] = _share(found, CHANGES)
    for before, after, target in ((0.02, 0.07, 0.95), (0.05, 0.10, 0.95), (0.05, 0.10, 0.90), (0.10, 0.15, 0.90)):
        for quiet in (0, 300):
            name = f"target {target}, precision {1 - before:.2f} to {1 - after:.2f} after {quiet} audits"
            for how, first in (("told", _told), ("proved", _proved)):
                figures[f"{how}, {name}"], samples[f"{how}, {name}, the first 200"] = _drop(
                    before, after, target, quiet, first
                )
    for target in (0.95, 0.90):
        late = _alarms(np.full(LENGTH, 1 - target), 1 - target, SEED, _proved)
        figures[f"proved wrongly within {YEAR} audits (a year), precision {target}"] = _share(
            int((late <= YEAR).sum()), RUNS
        )
        figures[f"told wrongly a year of {YEAR} audits, precision {target}"] = _told_wrongly(target)
    record("drift", figures, samples)


def tune() -> None:
    """Print how many changes of half a standard deviation, on seeds that are not reported, each choice would find."""
    alpha = spending(7 * DAY, MONITORS)
    for name, measure, choices in (("DIRECTIONS", "vectors", (4, 8, 12, 24, 48)), ("BINS", "values", (4, 8, 16))):
        for choice in choices:
            setattr(drift, name, choice)
            found = sum(_look(measure, 0.5, alpha, [seed, run]) for seed in range(10) for run in range(10))
            print(f"{name} {choice}: {found} of 100")


def _look(measure: str, change: float, alpha: float, seed: list[int]) -> bool:
    """Whether a look at fresh works alarms; `change` moves the new ones by so many standard deviations of one work."""
    generator = np.random.default_rng(seed)
    n_a_day = generator.poisson(12, N_DAYS) + 1
    days = Days(np.repeat(np.arange(N_DAYS), n_a_day), N_DAYS - 7)
    found = _compared(measure, change, days, alpha, generator)
    return found.p_value <= alpha


def _compared(measure: str, change: float, days: Days, alpha: float, generator: np.random.Generator) -> Compared:
    n, seed = len(days.of_work), int(generator.integers(2**31))
    if measure == "vectors":
        moods = MOOD * generator.normal(size=(N_DAYS, DIMENSION))[days.of_work]
        vectors = generator.normal(size=(n, DIMENSION)) * np.linspace(2.0, 0.5, DIMENSION) + moods
        # The change is in one direction of many, neither the widest nor the narrowest.
        vectors[days.is_now, DIMENSION // 8] += 2 * change
        return compare_vectors(vectors, days, alpha=alpha, seed=seed)
    heights = MOOD * generator.normal(size=N_DAYS)[days.of_work] + generator.normal(size=n) + change * days.is_now
    if measure == "values":
        return compare_values(heights.tolist(), days, alpha=alpha, seed=seed)
    kinds = np.digitize(heights, [-1.0, -0.3, 0.3, 1.0]).astype(str)
    return compare_kinds(kinds.tolist(), days, alpha=alpha, seed=seed)


def _told(is_wrong: NDArray[np.bool_], allowed: float) -> NDArray[np.bool_]:
    return change_evidence(is_wrong, allowed) >= YEAR / BUDGET


def _proved(is_wrong: NDArray[np.bool_], allowed: float) -> NDArray[np.bool_]:
    return evidence(is_wrong, allowed) >= 1.0 / ALPHA


def _told_wrongly(target: float) -> dict[str, Any]:
    """Alarms a year where precision is just what is promised, each of which begins anew; the interval is Poisson's."""
    n_years = 400
    outcomes = np.random.default_rng([SEED, 9]).random(n_years * YEAR) < 1 - target
    n, left = 0, outcomes
    while (told := watch_change(left, allowed=1 - target, patience=YEAR / BUDGET)).is_alarm:
        n, left = n + 1, left[told.at :]
    low, high = chi2.ppf(0.025, 2 * n) / 2, chi2.ppf(0.975, 2 * n + 2) / 2
    return {"value": n / n_years, "interval": [round(low / n_years, 3), round(high / n_years, 3)], "n": n_years}


def _drop(before: float, after: float, target: float, quiet: int, first: Alarm) -> tuple[dict[str, Any], list[int]]:
    rates = np.where(np.arange(LENGTH) < quiet, before, after)
    delays = _alarms(rates, 1 - target, SEED + quiet, first) - quiet
    late = delays[delays > 0]
    middle = np.sort(np.random.default_rng(SEED).choice(late, (400, len(late))), axis=1)[:, len(late) // 2]
    return {
        "median audits": float(np.median(late)),
        "interval of the median": [float(np.quantile(middle, 0.025)), float(np.quantile(middle, 0.975))],
        "p90": float(np.quantile(late, 0.9)),
        "n": len(late),
        "alarmed before": int((delays <= 0).sum()),
        "not found within": {"audits": LENGTH - quiet, "runs": int((delays > LENGTH - quiet).sum())},
    }, late[:200].tolist()


def _alarms(rates: Floats, allowed: float, seed: int, first: Alarm) -> NDArray[np.int_]:
    """The audit of each run's alarm; one past the end where there is none."""
    found = []
    for part in range(RUNS // 500):
        is_wrong = np.random.default_rng([seed, part]).random((500, LENGTH)) < rates
        raised = first(is_wrong, allowed)
        found.append(np.where(raised.any(axis=1), raised.argmax(axis=1) + 1, LENGTH + 1))
    return np.concatenate(found)


def _rate(alarms: list[int]) -> dict[str, Any]:
    """Alarms a year of one monitor; the interval is that of the share of looks that alarm."""
    share = wilson(sum(alarms), len(alarms) * WEEKS)
    return {
        "value": share.value * WEEKS,
        "interval": [round(share.low * WEEKS, 3), round(share.high * WEEKS, 3)],
        "n": len(alarms) * WEEKS,
        "years": len(alarms),
    }


def _share(k: int, n: int) -> dict[str, Any]:
    share = wilson(k, n)
    return {"value": share.value, "interval": [round(share.low, 3), round(share.high, 3)], "n": n}


if __name__ == "__main__":
    (tune if sys.argv[1:] == ["tune"] else main)()
