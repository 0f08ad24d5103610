"""How much does the loop publish of a stream it never saw? And how precisely, by labels of others.

Seed data: ../shared/data/made-with-ml. Stream: text/lists_labelled.csv, on which nothing was chosen: the settings of
`ml/simulate.py` were, with 8 seeds, on the starter set and on papers_labelled.csv as streams. Eight seeds each; a seed
draws the audits, and the tags where those are noise.
"""

import csv
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from record import SHARED, record
from winnow.core.text import document, joined
from winnow.core.values import Example
from winnow.home import DATA, cache
from winnow.ml.encoder import load_encoder
from winnow.ml.job import TrainingJob
from winnow.ml.recipes import load_recipe
from winnow.ml.simulate import Total, replay, total
from winnow.ml.taxonomy import load_taxonomy

SEEDS = range(8)
TAGS = load_taxonomy(DATA / "taxonomy.toml")
ENCODER = load_encoder("bundled", cache())
# Labels, target, and share of the tags that are drawn at random.
CASES = ((50, 0.90, 0.0), (100, 0.90, 0.0), (200, 0.90, 0.0), (300, 0.90, 0.0), (200, 0.95, 0.0), (200, 0.90, 0.4))


def main() -> None:
    """Replay all and write it down."""
    seed_data, stream = _rows(SHARED / "made-with-ml" / "dataset.csv"), _rows(SHARED / "text" / "lists_labelled.csv")
    started = time.perf_counter()
    seed_vectors, vectors = (ENCODER.encode([joined(e.document) for e in rows]) for rows in (seed_data, stream))
    encoding = time.perf_counter() - started
    job = TrainingJob(load_recipe("best"), seed_data, TAGS, ENCODER, seed_vectors)
    figures: dict[str, Any] = {"seed rows": len(seed_data), "stream rows": len(stream)}
    samples, longest = {}, 0.0
    for n_labels, target, noise in CASES:
        name = f"{n_labels} labels, target {target:.2f}" + (f", {noise:.0%} of the tags at random" if noise else "")
        totals = []
        for seed in SEEDS:
            tags = _noisy({example.id: example.tag for example in stream}, noise, seed)
            documents = {example.id: example.document for example in stream}
            started = time.perf_counter()
            done = replay(
                job, documents, tags.__getitem__, n_labels=n_labels, vectors=vectors, target=target, seed=seed
            )
            longest = max(longest, time.perf_counter() - started)
            totals.append(total(done, tags))
        figures[name] = _summary(totals)
        samples[f"{name}: coverage"] = [one.coverage for one in totals]
        samples[f"{name}: precision"] = [one.published_precision or 0.0 for one in totals]
    figures["longest replay in seconds, with encoding"] = round(longest + encoding, 1)
    record("simulate", figures, samples)


def _summary(totals: Sequence[Total]) -> dict[str, float]:
    """Mean and worst over the seeds; precision over those that published."""
    precisions = [one.published_precision for one in totals if one.published_precision is not None]
    coverages = [one.coverage for one in totals]
    summary = {"n": float(len(totals)), "coverage": float(np.mean(coverages)), "least coverage": min(coverages)}
    if precisions:
        summary |= {"precision": float(np.mean(precisions)), "least precision": min(precisions)}
    return {name: round(value, 3) for name, value in summary.items()} | {"published nothing": coverages.count(0.0)}


def _noisy(tags: Mapping[str, str], share: float, seed: int) -> dict[str, str]:
    generator, slugs = random.Random(seed), [tag.slug for tag in TAGS]
    return {id_: generator.choice(slugs) if generator.random() < share else tag for id_, tag in tags.items()}


def _rows(path: Path) -> list[Example]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Example(document(row["title"], row["description"]), row["tag"], row["id"]) for row in rows]


if __name__ == "__main__":
    main()
