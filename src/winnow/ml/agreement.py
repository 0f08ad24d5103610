"""How far people agree beyond chance, and where they do not.

Sources: Krippendorff, Content Analysis, 2004 (alpha, nominal data, any number of labellers, values missing); Gwet,
Computing inter-rater reliability in the presence of high agreement, 2008 (AC1); Dawid and Skene 1979.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winnow.core.values import Interval

Floats = NDArray[np.float64]
# Of each work what each person said, whatever names a person.
Opinions = Sequence[Mapping[Any, str]]

DRAWS, BLOCK = 2_000, 100
LEVEL = 0.95
# One imagined answer for each pair of tags and labeller, so that few answers do not look like certainty.
SMOOTHING = 1.0
ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of agreement that depends on the works only through sums over them, so that redrawing them is cheap.

    `terms` gives what each work adds (n, m) for counts (n works, k tags); `of_sums` the measure of sums (..., m).
    """

    terms: Callable[[Floats], Floats]
    of_sums: Callable[[Floats], Floats]

    def __call__(self, counts: Floats) -> float:
        """The measure of `counts` (n works, k tags), how many said what."""
        return float(self.of_sums(self.terms(counts).sum(axis=0)))


def _alpha_terms(counts: Floats) -> Floats:
    """For each work its disagreement, then how many said each tag; nothing where fewer than two spoke."""
    sizes = counts.sum(axis=1, keepdims=True)
    several = np.where(sizes > 1.0, counts, 0.0)
    disagreed = (several * (sizes - several)).sum(axis=1, keepdims=True) / np.maximum(sizes - 1.0, 1.0)
    return np.concatenate([disagreed, several], axis=1)


def _alpha_of(sums: Floats) -> Floats:
    totals = sums[..., 1:]
    total = totals.sum(axis=-1)
    expected = (total**2 - (totals**2).sum(axis=-1)) / np.maximum(total - 1.0, 1.0)
    return np.where(expected > 0.0, 1.0 - sums[..., 0] / np.where(expected > 0.0, expected, 1.0), 1.0)


def _ac1_terms(counts: Floats) -> Floats:
    """For each work its agreement, whether two spoke, whether anybody did, then the share of each tag."""
    sizes = counts.sum(axis=1, keepdims=True)
    pairs = np.maximum(sizes * (sizes - 1.0), 1.0)
    agreed = (counts * (counts - 1.0)).sum(axis=1, keepdims=True) / pairs
    return np.concatenate([agreed, sizes > 1.0, sizes > 0.0, counts / np.maximum(sizes, 1.0)], axis=1)


def _ac1_of(sums: Floats) -> Floats:
    agreed, n_paired, n_rated, shares = sums[..., 0], sums[..., 1], sums[..., 2], sums[..., 3:]
    shares = shares / np.maximum(n_rated, 1.0)[..., None]
    by_chance = (shares * (1.0 - shares)).sum(axis=-1) / max(shares.shape[-1] - 1, 1)
    found = (agreed / np.maximum(n_paired, 1.0) - by_chance) / (1.0 - by_chance)
    return np.where(n_paired > 0.0, found, 1.0)


# Krippendorff's alpha; 1 where only one tag occurs.
alpha = Measure(_alpha_terms, _alpha_of)
# Gwet's AC1.
ac1 = Measure(_ac1_terms, _ac1_of)


def with_interval(measure: Measure, counts: Floats, *, seed: int = 0) -> Interval:
    """A measure of `counts` with its bootstrap interval over works; n are those that at least two people labelled."""
    n_paired, n = int((counts.sum(axis=1) > 1.0).sum()), len(counts)
    if not n_paired:
        return Interval(0.0, -1.0, 1.0, 0)
    random, terms, share = np.random.default_rng(seed), measure.terms(counts), np.full(n, 1.0 / n)
    # In blocks, since all draws of many works at once would not fit a small machine.
    draws = [measure.of_sums(random.multinomial(n, share, size=BLOCK) @ terms) for _ in range(DRAWS // BLOCK)]
    low, high = np.quantile(np.concatenate(draws), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(measure(counts), float(low), float(high), n_paired)


def counts_of(opinions: Opinions, tags: Sequence[str]) -> Floats:
    """How many said which of `tags` (n works, k tags); each work is a mapping from a person to what they said."""
    place = {tag: position for position, tag in enumerate(tags)}
    counts = np.zeros((len(opinions), len(tags)))
    for row, said in enumerate(opinions):
        for tag in said.values():
            counts[row, place[tag]] += 1.0
    return counts


def against_rest(counts: Floats, column: int) -> Floats:
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
