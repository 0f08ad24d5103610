"""Are recommendations better than what is popular, and than chance? Replayed on readers whose taste is known.

`python bench/recommend.py` reports on the seed set; `python bench/recommend.py choose` compares weights on the lists that
others wrote, with other readers: that is what chose those of `ml/taste.py`.

A reader's taste is a favourite tag and a few words: none of it comes from the encoder that recommends. Works come in over
40 days; each day each reader is shown 10 that they have not met, saves some and hides some, by their taste. Each policy
lives in a world of its own, with the same readers. What counts is the chance that the reader likes a shown work.
"""

import re
import sys
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from material import ENCODER, foreign_lists, seed_set
from record import record
from winnow.core.text import joined
from winnow.ml.ranking import Heat, hotness
from winnow.ml.taste import CHOSEN, EXPLORED, Pool, Taste, Weights, recommend

N_READERS, N_DAYS, N_SHOWN, N_WORDS = 150, 40, 10, 6
DAY = 24 * 3600
POOL = 400
DRAWS = 2_000
CHOSEN_BY, REPORTED_BY = 7, 2026
GRID = [Weights(hidden=h, tag=t, hot=p) for h in (0.0, 0.5) for t in (0.25, 0.5, 1.0) for p in (0.0, 0.25, 0.5)]


@dataclass
class Works:
    """What comes in: texts, tags, unit vectors, the day of each."""

    texts: list[str]
    tags: list[str]
    vectors: np.ndarray
    days: np.ndarray


@dataclass
class Person:
    """A reader with a known taste, and what they have met."""

    number: int
    chances: np.ndarray
    followed: frozenset[str]
    met: set[int] = field(default_factory=set)
    saved: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    worth: list[float] = field(default_factory=list)
    shown: Counter = field(default_factory=Counter)


def main(what: str = "report") -> None:
    """Choose, or report."""
    if what == "choose":
        _choose()
        return
    works = _works(seed_set(), REPORTED_BY)
    worlds = {policy: _live(works, policy, REPORTED_BY) for policy in ("recommended", "popular", "random")}
    worth = {policy: np.array([np.mean(one.worth) for one in people]) for policy, people in worlds.items()}
    shares = {policy: _shares(people) for policy, people in worlds.items()}
    n_tags = len(set(works.tags))
    record(
        "recommend",
        {
            "n": {"readers": N_READERS, "works": len(works.tags), "days": N_DAYS, "shown a day": N_SHOWN},
            "what chose the weights": "the lists that others wrote, with other readers",
            "chance that a shown work is liked": {policy: _interval(values) for policy, values in worth.items()},
            "recommended less popular": _interval(worth["recommended"] - worth["popular"]),
            "recommended less random": _interval(worth["recommended"] - worth["random"]),
            "share of what is shown, by tag": shares,
            "share of works, by tag": _rounded(Counter(works.tags)),
            "least share of a tag that exploring promises": round(EXPLORED / n_tags, 4),
            "readers who were shown every tag": sum(len(one.shown) == n_tags for one in worlds["recommended"]),
        },
        {policy: list(values) for policy, values in worth.items()},
    )


def _choose() -> None:
    works = _works(foreign_lists(), CHOSEN_BY)
    for weights in GRID:
        people = _live(works, "recommended", CHOSEN_BY, weights)
        print(weights, _interval(np.array([np.mean(one.worth) for one in people])), _shares(people))
    print("popular", _interval(np.array([np.mean(one.worth) for one in _live(works, "popular", CHOSEN_BY)])))


def _works(examples: list, seed: int) -> Works:
    """In the order of their dates where they have any, else by chance, spread over the days."""
    generator = np.random.default_rng(seed)
    order = sorted(generator.permutation(len(examples)), key=lambda n: examples[n].created_on)
    ordered = [examples[n] for n in order]
    texts = [joined(example.document) for example in ordered]
    days = np.arange(len(ordered)) * N_DAYS // len(ordered)
    return Works(texts, [example.tag for example in ordered], ENCODER.encode(texts), days)


def _people(works: Works, seed: int) -> list[Person]:
    words = [set(re.findall(r"[a-z]{4,}", text.lower())) for text in works.texts]
    counts = Counter(word for own in words for word in own)
    common = sorted(word for word, n in counts.items() if 0.01 <= n / len(words) <= 0.08)
    generator = np.random.default_rng(seed)
    return [_person(number, works.tags, words, common, generator) for number in range(N_READERS)]


def _person(
    number: int, tags: list[str], words: list[set], common: list[str], generator: np.random.Generator
) -> Person:
    """Likes one work in twenty of anything, one in four of the favourite tag, and more of what names their words."""
    favourite = str(generator.choice(sorted(set(tags))))
    mine = set(generator.choice(common, size=N_WORDS, replace=False))
    is_favourite = np.array([tag == favourite for tag in tags])
    is_named = np.array([bool(mine & own) for own in words])
    followed = frozenset([favourite]) if generator.random() < 0.5 else frozenset()
    return Person(number, 0.05 + 0.2 * is_favourite + 0.45 * is_named, followed)


def _live(works: Works, policy: str, seed: int, weights: Weights = CHOSEN) -> list[Person]:
    people = _people(works, seed)
    generator = np.random.default_rng(seed + 1)
    votes = np.zeros(len(works.tags), dtype=int)
    for day in range(N_DAYS):
        here = np.flatnonzero(works.days <= day)
        hot = np.array([hotness(Heat(votes=int(votes[n])).score, float(works.days[n]) * DAY) for n in here])
        hottest = here[np.argsort(-hot, kind="stable")]
        heat = dict(zip(here.tolist(), hot.tolist(), strict=True))
        for person in people:
            fresh = [int(n) for n in hottest if int(n) not in person.met]
            shown = _pages(policy, works, person, fresh, heat, day, generator, weights)
            _meet(person, works, shown, votes, generator)
    return people


def _pages(policy, works, person, fresh, heat, day, generator, weights) -> list[int]:  # noqa: ANN001 - a script's inner step
    if policy == "popular":
        return fresh[:N_SHOWN]
    if policy == "random" or not (person.saved or person.followed):
        return [int(n) for n in generator.permutation(fresh)[:N_SHOWN]]
    near = fresh[:POOL]
    pool = Pool(near, [works.tags[n] for n in near], np.array([heat[n] for n in near]), works.vectors[near])
    liked, hidden = person.saved[-60:], person.hidden[-60:]
    taste = Taste(liked, np.ones(len(liked)), works.vectors[liked], works.vectors[hidden], person.followed)
    picks = recommend(pool, taste, n=N_SHOWN, seed=1000 * person.number + day, weights=weights)
    return [pick.pk for pick in picks]


def _meet(person: Person, works: Works, shown: list[int], votes: np.ndarray, generator: np.random.Generator) -> None:
    for n in shown:
        chance = float(person.chances[n])
        person.met.add(n)
        person.worth.append(chance)
        person.shown[works.tags[n]] += 1
        if generator.random() < chance:
            person.saved.append(n)
            votes[n] += 1
        elif generator.random() < 0.1 * (1 - chance):
            person.hidden.append(n)


def _interval(values: np.ndarray) -> dict[str, float]:
    """Mean over readers, 95 % by bootstrap of readers."""
    generator = np.random.default_rng(0)
    means = generator.choice(values, size=(DRAWS, len(values))).mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {
        "value": round(float(values.mean()), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "n": len(values),
    }


def _shares(people: list[Person]) -> dict[str, float]:
    return _rounded(sum((one.shown for one in people), Counter()))


def _rounded(counts: Counter) -> dict[str, float]:
    return {tag: round(n / counts.total(), 4) for tag, n in sorted(counts.items())}


if __name__ == "__main__":
    main(*sys.argv[1:])
