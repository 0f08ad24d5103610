"""What a reader may like, from what they liked: nearest works, followed tags, and a stated share of something else.

A work is scored by how near it is to the three most similar works that were liked, less how near it is to what was
hidden, and by its tag and its heat. Terms are standardised within the pool, so that none rules by its scale.
The weights were chosen by `bench/recommend.py` on another set of works than the one whose figures it reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]

# One place in five shows what nothing speaks for: all tags in turn, so that none is lost to anybody.
EXPLORED = 0.2
NEAREST = 3
# Below this cosine two texts have so little in common that naming one as the reason for the other would be odd.
NEAR = 0.3


class Why(StrEnum):
    """Why a work is recommended."""

    LIKE = "like"
    TAG = "tag"
    HOT = "hot"
    EXPLORE = "explore"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each term of the score counts for."""

    liked: float = 1.0
    hidden: float = 0.5
    tag: float = 1.0
    hot: float = 0.25


CHOSEN = Weights()


@dataclass(frozen=True, slots=True)
class Pool:
    """What may be shown, row by row: numbers, tags, hotness (n,), unit vectors (n, d)."""

    pks: Sequence[int]
    tags: Sequence[str]
    hotness: Floats
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Taste:
    """What a reader liked, with its weight (m,) and unit vectors (m, d), what they hid (k, d), which tags they follow."""

    pks: Sequence[int]
    weights: Floats
    liked: Vectors
    hidden: Vectors
    followed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pick:
    """A work to show, and why; `like` is the liked work that it is nearest to, where that is the reason."""

    pk: int
    why: Why
    like: int | None = None


def recommend(
    pool: Pool, taste: Taste, *, n: int, seed: int, weights: Weights = CHOSEN, share: float = EXPLORED
) -> list[Pick]:
    """Up to `n` works of the pool, best first, a `share` of them explored; the same of all gives the same ones."""
    if not len(pool.pks):
        return []
    terms = _terms(pool, taste, weights)
    order = np.argsort(-sum(terms.values()), kind="stable")
    explored = _explored(pool, n=n, share=share, generator=np.random.default_rng(seed))
    ranked = (int(row) for row in order if int(row) not in set(explored.values()))
    rows = [explored[place] if place in explored else next(ranked, None) for place in range(min(n, len(pool.pks)))]
    return [
        Pick(pool.pks[row], Why.EXPLORE) if place in explored else _pick(row, pool, taste, terms)
        for place, row in enumerate(rows)
        if row is not None
    ]


def similarity(pool: Pool, taste: Taste) -> Floats:
    """How near each work is to what was liked, (n,): the mean of its three highest weighted cosines."""
    if not len(taste.pks):
        return np.zeros(len(pool.pks))
    cosines = np.sort(_cosines(pool, taste), axis=1)
    nearest: Floats = cosines[:, -NEAREST:].mean(axis=1)
    return nearest


def _terms(pool: Pool, taste: Taste, weights: Weights) -> dict[Why, Floats]:
    near = weights.liked * _standard(similarity(pool, taste))
    if len(taste.hidden):
        near = near - weights.hidden * _standard((pool.vectors @ taste.hidden.T).max(axis=1).astype(np.float64))
    followed = np.array([tag in taste.followed for tag in pool.tags], dtype=np.float64)
    return {Why.LIKE: near, Why.TAG: weights.tag * followed, Why.HOT: weights.hot * _standard(pool.hotness)}


def _explored(pool: Pool, *, n: int, share: float, generator: np.random.Generator) -> dict[int, int]:
    """By place on the page, the row that is shown there for no reason: at random, the tags in turn."""
    tags = sorted(set(pool.tags))
    generator.shuffle(tags)
    every = round(1 / share)
    places = range(every - 1, min(n, len(pool.pks)), every)
    drawn: dict[int, int] = {}
    for place, tag in zip(places, _in_turn(tags, len(places)), strict=True):
        rows = [row for row, own in enumerate(pool.tags) if own == tag and row not in drawn.values()]
        if rows:
            drawn[place] = int(generator.choice(rows))
    return drawn


def _in_turn(tags: Sequence[str], n: int) -> list[str]:
    return [tags[place % len(tags)] for place in range(n)]


def _pick(row: int, pool: Pool, taste: Taste, terms: dict[Why, Floats]) -> Pick:
    """The strongest term is the reason; a work that is near to nothing liked is here for its tag or its heat."""
    why = max(terms, key=lambda term: terms[term][row])
    if len(taste.pks):
        cosines = _cosines(pool, taste)[row]
        best = int(np.argmax(cosines))
        if why is Why.LIKE and cosines[best] >= NEAR:
            return Pick(pool.pks[row], why, taste.pks[best])
    is_followed = pool.tags[row] in taste.followed
    return Pick(pool.pks[row], Why.TAG if is_followed else Why.HOT)


def _cosines(pool: Pool, taste: Taste) -> Floats:
    cosines: Floats = (pool.vectors @ taste.liked.T).astype(np.float64) * taste.weights
    return cosines


def _standard(values: Floats) -> Floats:
    """Mean 0, deviation 1; all zeros where nothing differs."""
    spread = float(values.std())
    standard: Floats = (values - values.mean()) / spread if spread > 1e-12 else np.zeros(len(values))
    return standard
