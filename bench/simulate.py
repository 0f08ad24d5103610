"""How much does the loop publish of a stream it never saw? And how precisely, by labels of others.

Seed data: ../shared/data/made-with-ml. Stream: text/lists_labelled.csv, on which nothing was chosen: the settings of
`ml/asking.py` were on the starter set and on papers_labelled.csv as streams. Eight seeds each; a seed draws the audits,
and the tags where those are noise.

Everything runs through the services that `winnow simulate` runs, in a home that is thrown away. What replays have in
common (the seed data, what is learned before the audits are drawn) is done once and rolled back to.
"""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import transaction

from material import foreign_lists, seed_set
from record import record
from throwaway import ensure_ready
from winnow.ml.asking import audits_of
from winnow.services.simulate import Promise, Replay, Total, enter

SEEDS = range(8)
# Labels, target, and share of the tags that are drawn at random.
CASES = ((50, 0.90, 0.0), (100, 0.90, 0.0), (200, 0.90, 0.0), (300, 0.90, 0.0), (200, 0.95, 0.0), (200, 0.90, 0.4))
DELTA = 0.10


def main() -> None:
    """Replay all and write it down."""
    ensure_ready()
    seed_data, stream = seed_set(), foreign_lists()
    base = enter(seed_data, stream, promise=Promise(delta=DELTA))
    base.begin()
    figures: dict[str, Any] = {"seed rows": len(seed_data), "stream rows": len(stream)}
    samples: dict[str, Sequence[float]] = {}
    for n_labels, target, noise in CASES:
        name = f"{n_labels} labels, target {target:.2f}" + (f", {noise:.0%} of the tags at random" if noise else "")
        started = time.perf_counter()
        totals = list(_totals(base, n_labels, target, noise))
        figures[name] = _summary(totals)
        samples[f"{name}: coverage"] = [one.coverage for one in totals]
        samples[f"{name}: precision"] = [one.published_precision or 0.0 for one in totals]
        figures[name] |= {"seconds": round(time.perf_counter() - started)}
        # After each case, so that a run that is stopped has said what it knows.
        record("simulate", figures, samples)


def _totals(base: Replay, n_labels: int, target: float, noise: float) -> Iterator[Total]:
    """The total of each seed. Without noise all seeds learn the same before they draw their audits."""
    n_audits = audits_of(n_labels, target, DELTA)
    for seeds in [[seed] for seed in SEEDS] if noise else [list(SEEDS)]:
        tags = _noisy(base.people.tags, noise, seeds[0])
        with _undone():
            learned = _copy(base, tags, Promise(target, DELTA))
            list(learned.learn(n_labels - n_audits))
            for seed in seeds:
                with _undone():
                    proved = _copy(learned, tags, Promise(target, DELTA, seed))
                    list(proved.prove(n_labels - proved.people.n_asked))
                    yield proved.total()


def _copy(replayed: Replay, tags: dict[int, str], promise: Promise) -> Replay:
    """A replay that goes on from where another is, and leaves that one as it is."""
    people = replace(replayed.people, tags=tags)
    return replace(replayed, people=people, promise=promise, history=list(replayed.history))


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _summary(totals: Sequence[Total]) -> dict[str, float]:
    """Mean and worst over the seeds; precision over those that published."""
    precisions = [one.published_precision for one in totals if one.published_precision is not None]
    coverages = [one.coverage for one in totals]
    summary = {"n": len(totals), "coverage": sum(coverages) / len(coverages), "least coverage": min(coverages)}
    if precisions:
        summary |= {"precision": sum(precisions) / len(precisions), "least precision": min(precisions)}
    most = max(coverages)
    return {name: round(value, 3) for name, value in summary.items()} | {
        "most coverage": round(most, 3),
        "published nothing": coverages.count(0.0),
        "alarms": sum(one.alarms for one in totals),
    }


def _noisy(tags: Mapping[int, str], share: float, seed: int) -> dict[int, str]:
    generator, slugs = random.Random(seed), sorted(set(tags.values()))
    return {row: generator.choice(slugs) if generator.random() < share else tag for row, tag in tags.items()}


if __name__ == "__main__":
    main()
