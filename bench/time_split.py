"""What a model proves of itself on works drawn at random, and on the newest ones.

The starter set is split both ways, a fifth being kept; the recipe `best` trains on the rest and is certified on what was
kept. Both are then asked about works of others. Needs ../shared/data. Writes results/time_split.json.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from material import ENCODER, TAGS, foreign_lists, gold_set, seed_set, strangers
from record import record
from winnow.core.intervals import clopper_pearson
from winnow.core.text import joined
from winnow.core.values import Classification, Example, Interval
from winnow.ml.base import Vectors
from winnow.ml.job import TrainingJob
from winnow.ml.recipes import load_recipe
from winnow.ml.serving import Model, load_artifact
from winnow.ml.splits import group_examples, grouped_folds, newest_rows
from winnow.ml.train import train


def main() -> None:
    """Split, train, ask, and write it down."""
    gold = gold_set()
    groups, labels = group_examples(gold), [example.tag for example in gold]
    dates = [date.fromisoformat((example.created_on + "-01-01")[:10]) for example in gold]
    splits = {"at random": grouped_folds(groups, labels, 5, 1)[0], "newest": newest_rows(groups, labels, dates, 0.2)}
    others = {
        name: strangers(examples, gold) for name, examples in {"seed": seed_set(), "lists": foreign_lists()}.items()
    }
    vectors = {name: _encoded(examples) for name, examples in {**others, "gold": gold}.items()}
    figures: dict[str, Any] = {}
    for name, kept in splits.items():
        model = _trained(gold, vectors["gold"], kept)
        certificate = model.policy.certificate
        figures[name] = {"certificate": asdict(certificate) if certificate else None}
        asked = {other: (examples, vectors[other]) for other, examples in others.items()}
        asked["kept"] = [gold[row] for row in kept], vectors["gold"][list(kept)]
        for other, (examples, own) in asked.items():
            answers = model.classify([example.document for example in examples], vectors=own)
            figures[name] |= {other: _summary(answers, examples, model.policy.threshold)}
    record("time_split", figures)


def _encoded(examples: Sequence[Example]) -> Vectors:
    return ENCODER.encode([joined(example.document) for example in examples])


def _trained(gold: Sequence[Example], vectors: Vectors, kept: Sequence[int]) -> Model:
    rest = sorted(set(range(len(gold))) - set(kept))
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "model"
        job = TrainingJob(
            load_recipe("best"),
            [gold[row] for row in rest],
            TAGS,
            encoder=ENCODER,
            vectors=vectors[rest],
            held_out=[gold[row] for row in kept],
            held_out_vectors=vectors[list(kept)],
        )
        train(job, folder)
        return load_artifact(folder, TAGS)


def _summary(
    answers: Sequence[Classification], examples: Sequence[Example], threshold: float | None
) -> dict[str, dict[str, float]]:
    right = [answer.tag == example.tag for answer, example in zip(answers, examples, strict=True)]
    is_sure = [threshold is not None and answer.confidence >= threshold for answer in answers]
    decided = [is_right for is_right, sure in zip(right, is_sure, strict=True) if sure]
    return {
        "accuracy": _plain(clopper_pearson(sum(right), len(right))),
        "precision of what it decides": _plain(clopper_pearson(sum(decided), len(decided))),
        "coverage": _plain(clopper_pearson(len(decided), len(right))),
    }


def _plain(interval: Interval) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(interval).items()}


if __name__ == "__main__":
    main()
