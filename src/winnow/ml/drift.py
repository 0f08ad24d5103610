"""Are new works other than those before them? Compared by shuffling days, within a yearly budget of false alarms.

Works of one day resemble one another (a conference, a series), so whole days are shuffled between "now" and "before",
never single works: where nothing has changed the days are exchangeable, and a p-value of at most p comes with
probability at most p however the works of a day depend on each other.

Sources: Jensen-Shannon divergence (Lin 1991) for shares; Fisher's linear discriminant as the classifier that tells new
from old (domain classifier), its separation in whitened coordinates; sequential Monte Carlo p-values (Besag and Clifford
1991), which stop where the answer is plain; Lan and DeMets 1983 for spending a budget along time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DAY = 86_400.0
YEAR = 365.25 * DAY
# False alarms a year, over all monitors together, where nothing changes: half for all works, half for single sources.
BUDGET = 1.0
# What monitors that were not looked at for long may spend at once.
LONGEST_SPENDING = 30 * DAY
MIN_DAYS_NOW, MIN_DAYS_BEFORE = 4, 14
MIN_WORKS = 30
BINS = 4
TAIL = 0.05
# Directions of the vectors that are looked at: more of them drown a change in noise. Chosen on seeds 0 to 9 of
# bench/drift.py, which reports on others.
DIRECTIONS = 12
# A shuffling is stopped once so many are as far apart as what is found.
ENOUGH_AS_FAR = 20
MOST_SHUFFLES = 40_000
CHUNK = 500
Floats = NDArray[np.float64]
# From what is new (m, columns) and the total (columns), how far it is from the rest, (m,).
Statistic = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Days:
    """The day (any number) of each work, and the first day that counts as now."""

    of_work: NDArray[np.int64]
    first_now: int

    @property
    def is_now(self) -> NDArray[np.bool_]:
        """Whether each work is new."""
        return self.of_work >= self.first_now


@dataclass(frozen=True, slots=True)
class Compared:
    """How far new works are from those before, the chance of that where nothing changed, and what has moved most."""

    statistic: float
    p_value: float
    n_before: int
    n_now: int
    n_shuffles: int
    says: str


def spending(seconds: float, n_monitors: int) -> float:
    """What one of so many monitors that share half of the budget may spend after so many seconds without a look."""
    return BUDGET / 2 * min(max(seconds, 0.0), LONGEST_SPENDING) / YEAR / max(n_monitors, 1)


def suffices(days: Days) -> bool:
    """Whether there are days and works enough on both sides."""
    now = days.is_now
    n_now, n_before = len(np.unique(days.of_work[now])), len(np.unique(days.of_work[~now]))
    is_long = n_now >= MIN_DAYS_NOW and n_before >= MIN_DAYS_BEFORE
    return is_long and bool(now.sum() >= MIN_WORKS and (~now).sum() >= MIN_WORKS)


def compare_kinds(kinds: Sequence[str], days: Days, *, alpha: float, seed: int) -> Compared:
    """Shares of kinds (a language, a tag) now and before: their Jensen-Shannon divergence in bits."""
    names, codes = np.unique(np.asarray(kinds, dtype=str), return_inverse=True)
    counts = _by_day(np.eye(len(names))[codes], days)
    found = _shuffled(counts, _divergences, days, alpha, seed)
    now, before = _shares(days, np.eye(len(names))[codes])
    most = int(np.abs(now - before).argmax())
    return _said(found, days, f"{names[most]}: {before[most]:.0%} before, {now[most]:.0%} now")


def compare_values(values: Sequence[float], days: Days, *, alpha: float, seed: int) -> Compared:
    """A number of each work (a length, a confidence) now and before, by shares of bins that hold equally many, and of both tails."""
    given = np.asarray(values, dtype=np.float64)
    # New works are few among all: what is new about them may lie beyond the last of equal bins.
    edges = np.unique(np.quantile(given, [TAIL, *np.linspace(0, 1, BINS + 1)[1:-1], 1 - TAIL]))
    bins = np.searchsorted(edges, given, side="left")
    counts = _by_day(np.eye(len(edges) + 1)[bins], days)
    found = _shuffled(counts, _divergences, days, alpha, seed)
    medians = np.median(given[~days.is_now]), np.median(given[days.is_now])
    return _said(found, days, f"median {medians[0]:.3g} before, {medians[1]:.3g} now")


def compare_vectors(vectors: NDArray[np.floating], days: Days, *, alpha: float, seed: int) -> Compared:
    """How well a linear classifier tells the vectors (n, d) of new works from older ones."""
    white = _whitened(np.asarray(vectors, dtype=np.float64))
    sums = _by_day(np.hstack([np.ones((len(white), 1)), white]), days)
    found = _shuffled(sums, _separations, days, alpha, seed)
    now = days.is_now
    direction = white[now].mean(axis=0) - white[~now].mean(axis=0)
    return _said(found, days, f"a classifier tells new from old with an AUC of {_auc(white @ direction, now):.2f}")


def _by_day(rows: Floats, days: Days) -> Floats:
    """Sums (days, columns) of the rows of each day, in the order of the days."""
    names, places = np.unique(days.of_work, return_inverse=True)
    sums = np.zeros((len(names), rows.shape[1]))
    np.add.at(sums, places, rows)
    return sums


def _shuffled(sums: Floats, statistic: Statistic, days: Days, alpha: float, seed: int) -> tuple[float, float, int]:
    """The statistic of what is, its p-value, and the number of shuffles that it took."""
    is_now = np.unique(days.of_work) >= days.first_now
    total = sums.sum(axis=0)
    found = float(statistic(is_now[None, :] @ sums, total)[0])
    most = int(min(np.ceil(10 / alpha), MOST_SHUFFLES))
    n_as_far = n_done = 0
    for chosen in _draws(is_now, most, np.random.default_rng(seed)):
        far = statistic(chosen @ sums, total) >= found - 1e-12
        so_far = n_as_far + np.cumsum(far)
        if so_far[-1] >= ENOUGH_AS_FAR:
            n_done += int(np.searchsorted(so_far, ENOUGH_AS_FAR)) + 1
            return found, ENOUGH_AS_FAR / n_done, n_done
        n_as_far, n_done = int(so_far[-1]), n_done + len(far)
    return found, (n_as_far + 1) / (n_done + 1), n_done


def _draws(is_now: NDArray[np.bool_], most: int, generator: np.random.Generator) -> Iterator[Floats]:
    """Which days count as now, (up to CHUNK, days) at a time: as many as do, each choice equally likely."""
    n_now = int(is_now.sum())
    for start in range(0, most, CHUNK):
        ranks = generator.random((min(CHUNK, most - start), len(is_now))).argsort(axis=1).argsort(axis=1)
        yield (ranks < n_now).astype(np.float64)


def _divergences(now: Floats, total: Floats) -> Floats:
    """Jensen-Shannon divergence of counts (m, kinds) from the rest of the total."""
    first = now / np.maximum(now.sum(axis=1, keepdims=True), 1.0)
    rest = total - now
    second = rest / np.maximum(rest.sum(axis=1, keepdims=True), 1.0)
    return np.asarray(_entropy((first + second) / 2) - (_entropy(first) + _entropy(second)) / 2, dtype=np.float64)


def _entropy(shares: Floats) -> Floats:
    safe = np.maximum(shares, 1e-300)
    return np.asarray(-(shares * np.log2(safe)).sum(axis=1), dtype=np.float64)


def _separations(now: Floats, total: Floats) -> Floats:
    """Squared distance of the means, from sums whose first column counts, for as many works as there are."""
    n_now, n_rest = now[:, :1], total[:1] - now[:, :1]
    gap = now[:, 1:] / np.maximum(n_now, 1.0) - (total[1:] - now[:, 1:]) / np.maximum(n_rest, 1.0)
    # Days differ in size: a mean over few works varies more, and is not to look like a change.
    weight = (n_now * n_rest / total[0])[:, 0]
    return np.asarray((gap**2).sum(axis=1) * weight, dtype=np.float64)


def _whitened(vectors: Floats) -> Floats:
    """The first DIRECTIONS of all vectors, each of mean 0 and variance 1: nothing here knows which are new."""
    centred = vectors - vectors.mean(axis=0)
    _, sizes, rows = np.linalg.svd(centred, full_matrices=False)
    kept = min(DIRECTIONS, int((sizes > 1e-9).sum()))
    return np.asarray(centred @ rows[:kept].T / (sizes[:kept] / np.sqrt(len(vectors))), dtype=np.float64)


def _shares(days: Days, rows: Floats) -> tuple[Floats, Floats]:
    return rows[days.is_now].mean(axis=0), rows[~days.is_now].mean(axis=0)


def _auc(scores: Floats, is_now: NDArray[np.bool_]) -> float:
    ranks = scores.argsort().argsort() + 1
    n_now = int(is_now.sum())
    return float((ranks[is_now].sum() - n_now * (n_now + 1) / 2) / (n_now * (len(scores) - n_now)))


def _said(found: tuple[float, float, int], days: Days, says: str) -> Compared:
    n_now = int(days.is_now.sum())
    return Compared(found[0], found[1], len(days.of_work) - n_now, n_now, found[2], says)
