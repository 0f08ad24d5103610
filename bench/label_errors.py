"""How many planted label errors are among as many top suspects? By the ranking as shipped, and by others.

Eight per cent of the tags of the starter set and of ../shared/data/made-with-ml are changed at random, three times each.
True errors of those sets count as misses.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from material import ENCODER, SLUGS, TAGS, gold_set, seed_set
from record import record
from winnow.core.intervals import clopper_pearson
from winnow.core.values import Example
from winnow.ml.base import Probabilities
from winnow.ml.job import TrainingJob, cross_fit, encoded, prepare
from winnow.ml.label_errors import suspects
from winnow.ml.recipes import load_recipe

SHARE, SEEDS = 0.08, (101, 102, 103)


def main() -> None:
    """Plant, search and write it down."""
    sets = {
        "starter": gold_set(),
        "made-with-ml": seed_set(),
    }
    figures: dict[str, Any] = {}
    for name, examples in sets.items():
        job = TrainingJob(load_recipe("best"), examples, TAGS, ENCODER)
        started = time.perf_counter()
        job = replace(job, vectors=encoded(job, examples, None))
        encoding = time.perf_counter() - started
        hits: defaultdict[str, int] = defaultdict(int)
        seconds = []
        for seed in SEEDS:
            started = time.perf_counter()
            n_planted, found = _search(job, seed)
            seconds.append(time.perf_counter() - started + encoding)
            for ranking, n_found in found.items():
                hits[ranking] += n_found
        planted = n_planted * len(SEEDS)
        figures[name] = {"rows": len(examples), "planted": planted, "seconds with encoding": max(seconds)} | {
            ranking: clopper_pearson(n_found, planted) for ranking, n_found in hits.items()
        }
    record("label_errors", {name: _plain(value) for name, value in figures.items()})


def _search(job: TrainingJob, seed: int) -> tuple[int, dict[str, int]]:
    """How many were planted, and how many of them are among as many top suspects by each ranking."""
    planted, wrong = _plant(job.examples, seed)
    changed = replace(job, examples=planted)
    _, answers = cross_fit(prepare(changed), changed.recipe)
    probabilities = np.array([[answer.probabilities[tag] for tag in SLUGS] for answer in answers])
    tops = {"as shipped": [one.id for one in suspects(planted, probabilities, SLUGS)]} | _others(planted, probabilities)
    return len(wrong), {name: len(wrong & set(top[: len(wrong)])) for name, top in tops.items()}


def _others(examples: Sequence[Example], probabilities: Probabilities) -> dict[str, list[str]]:
    rows, given = np.arange(len(examples)), np.array([SLUGS.index(example.tag) for example in examples])
    own = probabilities[rows, given]
    rest = probabilities.copy()
    rest[rows, given] = -1.0
    scores = {"by difference": own - rest.max(axis=1), "by own probability": own}
    return {name: [examples[row].id for row in np.argsort(score)] for name, score in scores.items()}


def _plant(examples: Sequence[Example], seed: int) -> tuple[list[Example], set[str]]:
    generator = np.random.default_rng(seed)
    planted = list(examples)
    rows = generator.choice(len(examples), round(SHARE * len(examples)), replace=False).tolist()
    for row in rows:
        others = [tag for tag in SLUGS if tag != examples[row].tag]
        planted[row] = replace(examples[row], tag=others[generator.integers(len(others))])
    return planted, {examples[row].id for row in rows}


def _plain(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, 1)
        if isinstance(value, float)
        else value
        if isinstance(value, int)
        else {"value": round(value.value, 3), "low": round(value.low, 3), "high": round(value.high, 3), "n": value.n}
        for name, value in figures.items()
    }


if __name__ == "__main__":
    main()
