"""Does a stream still agree with its own history? Exact predictive tests under a yearly budget of false alarms.

A stream is a series of batches: the new entries that one reading brought. Entries of one batch resemble one another (a
conference, a series), so a share is tested against what its own batches vary by, not as if entries were independent:
the new count is beta-binomial given the history, whose spread is the uncertainty of the mean (the effective number of
entries behind it) and the variation between batches (the intraclass correlation by the analysis of variance).
Sources: Donner, A review of inference procedures for the intraclass correlation, 1986; Skellam 1948 for the
beta-binomial; Lan and DeMets 1983 for spending a budget along time.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import stats

DAY = 86_400.0
YEAR = 365.25 * DAY
# False alarms that a source which does not change may raise in a year: one in five years.
BUDGET = 0.2
# What a source that is watched rarely may spend at once.
LONGEST_SPENDING = 30 * DAY
EXPECTATIONS = ("fields", "language", "volume", "freshness", "duplicates", "off_topic", "tags", "reports")
MIN_BATCHES = 5
MIN_ENTRIES = 50
MIN_DAYS = 7
# A window is the newest batches with at least so many entries, so that a trickle is judged too.
WINDOW_ENTRIES = 20
WINDOW_BATCHES = 10
# Agreement is more than the lack of a proof: below this a window does not agree.
AGREES = 0.01
# Until its batches say otherwise, a stream is taken to vary like this; as strong as so many batches.
_PRIOR_CORRELATION = 0.05
_PRIOR_BATCHES = 5
_PRIOR_DISPERSION = 0.25


@dataclass(frozen=True, slots=True)
class Batch:
    """One reading: seconds on any clock, the number of new entries, and how many of them have what, by expectation."""

    at: float
    n: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Break:
    """An expectation that is not met, in words, and how probable so much or more was under the history."""

    expectation: str
    said: str
    p: float


def has_history(batches: Sequence[Batch]) -> bool:
    """Whether there is enough to agree with."""
    return len(batches) >= MIN_BATCHES and sum(batch.n for batch in batches) >= MIN_ENTRIES


def split(batches: Sequence[Batch]) -> tuple[Sequence[Batch], Sequence[Batch]]:
    """History and window: the newest batches with WINDOW_ENTRIES entries, at most WINDOW_BATCHES of them."""
    n_entries, start = 0, len(batches)
    while start > 0 and n_entries < WINDOW_ENTRIES and len(batches) - start < WINDOW_BATCHES:
        start -= 1
        n_entries += batches[start].n
    return batches[:start], batches[start:]


def spending(seconds: float) -> float:
    """The part of the yearly budget that a test may spend after so many seconds without one."""
    return BUDGET * min(max(seconds, 0.0), LONGEST_SPENDING) / YEAR


def disagreements(history: Sequence[Batch], window: Sequence[Batch], *, now: float, alpha: float) -> tuple[Break, ...]:
    """What in the window is too improbable under the history, least probable first; nothing where there is no history.

    `alpha` bounds the probability of any Break where nothing has changed: each expectation has an equal share of it,
    and within one expectation each of its values.
    """
    if not has_history(history) or not window:
        return ()
    share = alpha / len(EXPECTATIONS)
    found = [*_volume(history, window, now), *_shares(history, window)]
    return tuple(sorted((one for one in found if one.p < share), key=lambda one: one.p))


def silence(history: Sequence[Batch], *, now: float) -> Break | None:
    """That a stream has been silent for too long, however often that is asked: a gap is one test, and spends as one."""
    if not has_history(history):
        return None
    gaps = np.diff([batch.at for batch in history])
    mean = float(gaps.mean())
    if mean <= 0:
        return None
    # Gaps as exponential with an unknown rate (a Lomax prediction), with fewer behind it where they vary more.
    n_effective = max(1.0, len(gaps) / max(1.0, float(gaps.std() / mean) ** 2))
    waited = max(0.0, now - history[-1].at)
    p = math.exp(-n_effective * math.log1p(waited / (mean * n_effective)))
    said = f"nothing new for {waited / DAY:.1f} days, where {mean / DAY:.1f} were usual"
    return Break("freshness", said, p) if p < spending(mean) / len(EXPECTATIONS) else None


def share_p(history: Sequence[tuple[int, int]], k: int, n: int) -> float:
    """Two-sided p-value of k of n given pairs (k, n) of earlier batches."""
    total = sum(size for _, size in history)
    rho = correlation(history)
    n_effective = sum(size / (1.0 + (size - 1) * rho) for _, size in history if size)
    mean = (sum(count for count, _ in history) / max(total, 1) * n_effective + 0.5) / (n_effective + 1.0)
    spread = rho + (1.0 - rho) / (n_effective + 2.0)
    precision = max(1.0 / spread - 1.0, 1e-6)
    law = stats.betabinom(n, mean * precision, (1.0 - mean) * precision)
    return min(1.0, 2.0 * min(float(law.cdf(k)), float(law.sf(k - 1))))


def correlation(history: Sequence[tuple[int, int]]) -> float:
    """The intraclass correlation of yes-or-no entries within batches, by the analysis of variance, shrunk to a prior."""
    sizes = np.asarray([n for _, n in history if n], dtype=float)
    shares = np.asarray([k / n for k, n in history if n])
    m, total = len(sizes), float(sizes.sum())
    if m < 2 or total <= m:
        return _PRIOR_CORRELATION
    mean = float((sizes * shares).sum() / total)
    between = float((sizes * (shares - mean) ** 2).sum()) / (m - 1)
    within = float((sizes * shares * (1.0 - shares)).sum()) / (total - m)
    n0 = (total - float((sizes**2).sum()) / total) / (m - 1)
    spread = between + (n0 - 1.0) * within
    raw = (between - within) / spread if spread > 0 else 0.0
    shrunk = (m * max(raw, 0.0) + _PRIOR_BATCHES * _PRIOR_CORRELATION) / (m + _PRIOR_BATCHES)
    return min(0.95, shrunk)


def _shares(history: Sequence[Batch], window: Sequence[Batch]) -> Iterator[Break]:
    for expectation in EXPECTATIONS:
        # A batch tells of an expectation or it does not: old readings may lack what is counted now.
        before = [batch for batch in history if expectation in batch.counts]
        if not has_history(before):
            continue
        told = [batch for batch in window if expectation in batch.counts]
        n = sum(batch.n for batch in told)
        names = sorted({name for batch in (*before, *told) for name in batch.counts[expectation]})
        for name in names if n else ():
            past = [(min(batch.counts[expectation].get(name, 0), batch.n), batch.n) for batch in before]
            k = min(n, sum(batch.counts[expectation].get(name, 0) for batch in told))
            p = min(1.0, share_p(past, k, n) * len(names))
            usual = sum(count for count, _ in past) / sum(size for _, size in past)
            yield Break(expectation, f"{name}: {k} of {n} new entries, where {usual:.0%} were usual", p)


def _volume(history: Sequence[Batch], window: Sequence[Batch], now: float) -> Iterator[Break]:
    """A flood: more entries in the last day than days bring; what days vary by is the negative binomial's business."""
    since = now - DAY
    n_days = int((min(since, window[0].at) - history[0].at) // DAY)
    if n_days < MIN_DAYS:
        return
    start = history[-1].at - n_days * DAY
    days = np.zeros(n_days + 1)
    for batch in history:
        if batch.at > start:
            days[min(n_days, int((batch.at - start) // DAY))] += batch.n
    days = days[:n_days]
    n = sum(batch.n for batch in window if batch.at > since)
    mean = (float(days.sum()) + 0.5) / n_days
    raw = max(float(days.var()) - mean, 0.0) / mean**2
    weight = n_days / (n_days + _PRIOR_BATCHES)
    dispersion = (weight * raw + (1.0 - weight) * _PRIOR_DISPERSION) * (1.0 + 1.0 / n_days) + 1.0 / (mean * n_days)
    size = 1.0 / dispersion
    p = float(stats.nbinom(size, size / (size + mean)).sf(n - 1))
    yield Break("volume", f"{n} new entries within a day, where {mean:.1f} were usual", p)
