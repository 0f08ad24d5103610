"""How far people agree beyond chance, and where they do not.

Sources: Krippendorff, Content Analysis, 2004 (alpha, nominal data, any number of labellers, values missing); Gwet,
Computing inter-rater reliability in the presence of high agreement, 2008 (AC1); Dawid and Skene 1979.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from winnow.core.values import Interval

Counts = NDArray[np.float64]
Opinions = Sequence[Mapping[str, str]]

DRAWS = 2_000
LEVEL = 0.95
# One imagined answer for each pair of tags and labeller, so that few answers do not look like certainty.
SMOOTHING = 1.0
ROUNDS = 20


def alpha(counts: Counts) -> float:
    """Krippendorff's alpha of `counts` (n works, k tags), how many said what; 1 where only one tag occurs."""
    paired = _paired(counts)
    sizes = paired.sum(axis=1)
    if not len(paired):
        return 1.0
    totals = paired.sum(axis=0)
    total = totals.sum()
    observed = float(((sizes**2 - (paired**2).sum(axis=1)) / (sizes - 1.0)).sum() / total)
    expected = float((total**2 - (totals**2).sum()) / (total * (total - 1.0)))
    return 1.0 - observed / expected if expected else 1.0


def ac1(counts: Counts) -> float:
    """Gwet's AC1 of `counts` (n works, k tags), how many said what; 1 where there is only one tag."""
    paired, rated = _paired(counts), counts[counts.sum(axis=1) > 0.0]
    k = counts.shape[1]
    if not len(paired) or k < 2:
        return 1.0
    sizes = paired.sum(axis=1)
    agreed = float((((paired**2).sum(axis=1) - sizes) / (sizes * (sizes - 1.0))).mean())
    shares = (rated / rated.sum(axis=1, keepdims=True)).mean(axis=0)
    by_chance = float((shares * (1.0 - shares)).sum()) / (k - 1)
    return float((agreed - by_chance) / (1.0 - by_chance))


def with_interval(measure: Callable[[Counts], float], counts: Counts, *, seed: int = 0) -> Interval:
    """A measure of `counts` with its bootstrap interval over works; n are those that at least two people labelled."""
    n_paired, n = len(_paired(counts)), len(counts)
    if not n_paired:
        return Interval(0.0, -1.0, 1.0, 0)
    random = np.random.default_rng(seed)
    draws = [measure(counts[random.integers(n, size=n)]) for _ in range(DRAWS)]
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
    return Interval(measure(counts), low, high, n_paired)


def counts_of(opinions: Opinions, tags: Sequence[str]) -> Counts:
    """How many said which of `tags` (n works, k tags); each work is a mapping from a person to what they said."""
    place = {tag: position for position, tag in enumerate(tags)}
    counts = np.zeros((len(opinions), len(tags)))
    for row, said in enumerate(opinions):
        for tag in said.values():
            counts[row, place[tag]] += 1.0
    return counts


def against_rest(counts: Counts, column: int) -> Counts:
    """The same answers as one tag against all others, (n works, 2)."""
    one = counts[:, column]
    return np.stack([one, counts.sum(axis=1) - one], axis=1)


def certainties(opinions: Opinions, tags: Sequence[str]) -> list[float]:
    """How sure each work's likeliest tag is, in [0, 1], when people are weighed by how they agree with one another.

    Dawid and Skene with smoothing: good to order what is looked at next, not to decide anything.
    """
    if not opinions:
        return []
    place = {tag: position for position, tag in enumerate(tags)}
    beliefs = counts_of(opinions, tags) + SMOOTHING / len(tags)
    beliefs /= beliefs.sum(axis=1, keepdims=True)
    people = sorted({person for said in opinions for person in said})
    for _ in range(ROUNDS):
        priors = np.log(beliefs.mean(axis=0))
        habits = {person: np.full((len(tags), len(tags)), SMOOTHING) for person in people}
        for row, said in enumerate(opinions):
            for person, tag in said.items():
                habits[person][:, place[tag]] += beliefs[row]
        logs = np.tile(priors, (len(opinions), 1))
        for row, said in enumerate(opinions):
            for person, tag in said.items():
                logs[row] += np.log(habits[person][:, place[tag]] / habits[person].sum(axis=1))
        beliefs = np.exp(logs - logs.max(axis=1, keepdims=True))
        beliefs /= beliefs.sum(axis=1, keepdims=True)
    return [float(value) for value in beliefs.max(axis=1)]


def _paired(counts: Counts) -> Counts:
    """The works of which more than one person said something."""
    several: Counts = counts[counts.sum(axis=1) > 1.0]
    return several
