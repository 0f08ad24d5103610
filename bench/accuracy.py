"""How right are the classifiers? Each recipe at home, and the starter model abroad.

1. Every recipe by grouped 5-fold cross-validation on the seed set, and on the starter set.
2. Every recipe trained on the starter set alone, on the seed set and on lists that others wrote.

Works that stand in the starter set too are left out where it trained. Needs ../shared/data.
Writes results/accuracy.json and the model card of the documentation.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from card import RECIPES, card
from record import ROOT, SHARED, record
from winnow.core.intervals import clopper_pearson
from winnow.core.text import document, fingerprint, joined
from winnow.core.urls import identity_keys
from winnow.core.values import Classification, Example, Interval
from winnow.home import DATA, cache
from winnow.ml.confusion import confusion, intervals
from winnow.ml.encoder import load_encoder
from winnow.ml.job import TrainingJob
from winnow.ml.recipes import load_recipe
from winnow.ml.rules import load_rules, rule_precision
from winnow.ml.serving import load_artifact
from winnow.ml.splits import group_examples, grouped_folds
from winnow.ml.taxonomy import load_taxonomy
from winnow.ml.train import train

CARD = ROOT / "docs" / "reference" / "model-card.md"
TAGS = load_taxonomy(DATA / "taxonomy.toml")
SLUGS = [tag.slug for tag in TAGS]
ENCODER = load_encoder("bundled", cache())


def main() -> None:
    """Measure all and write it down."""
    gold = [example for path in sorted((DATA / "gold").glob("*.csv")) for example in _rows(path)]
    seed = list(_rows(SHARED / "made-with-ml" / "dataset.csv"))
    lists = list(_rows(SHARED / "text" / "lists_labelled.csv"))
    figures: dict[str, Any] = {"n": {"starter": len(gold), "seed": len(seed), "lists": len(lists)}}
    for recipe in RECIPES:
        figures[recipe] = {
            "starter, 5 folds": _summary(*_cross_validated(recipe, gold)),
            "seed, 5 folds": _summary(*_cross_validated(recipe, seed)),
        }
        for name, examples in {"seed": seed, "lists": lists}.items():
            strangers = _strangers(examples, gold)
            figures[recipe][f"starter to {name}"] = _summary(_trained_on(gold, recipe, strangers), strangers)
    figures["rules, each"] = _rule_table(_strangers([*seed, *lists], gold))
    record("accuracy", figures)
    CARD.write_text(card(figures))


def _rows(path: Path) -> Iterator[Example]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            keys = identity_keys(row.get("url", ""))
            yield Example(document(row["title"], row["description"]), row["tag"], row["id"], keys[0] if keys else "")


def _strangers(examples: Sequence[Example], known: Sequence[Example]) -> list[Example]:
    """Those whose work is not among the known ones, by address or title."""
    seen = {e.group for e in known if e.group} | {fingerprint(e.document.title) for e in known}
    return [e for e in examples if e.group not in seen and fingerprint(e.document.title) not in seen]


def _cross_validated(recipe: str, examples: Sequence[Example]) -> tuple[list[Classification], Sequence[Example]]:
    labels = [example.tag for example in examples]
    folds = grouped_folds(group_examples(examples), labels, 5, 1)
    answers: dict[int, Classification] = {}
    for fold in folds:
        inside = set(fold)
        rest = [example for row, example in enumerate(examples) if row not in inside]
        answers |= zip(fold, _trained_on(rest, recipe, [examples[row] for row in fold]), strict=True)
    return [answers[row] for row in range(len(examples))], examples


def _trained_on(examples: Sequence[Example], recipe: str, asked: Sequence[Example]) -> list[Classification]:
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "model"
        vectors = ENCODER.encode([joined(e.document) for e in examples])
        train(TrainingJob(load_recipe(recipe), examples, TAGS, encoder=ENCODER, vectors=vectors), folder)
        return load_artifact(folder, TAGS).classify([e.document for e in asked], ENCODER)


def _summary(answers: Sequence[Classification], examples: Sequence[Example]) -> dict[str, Any]:
    """Accuracy, weighted precision, and precision of the surer 90 %, each with n and a 95 % interval."""
    right = np.array([a.tag == e.tag for a, e in zip(answers, examples, strict=True)])
    kept = np.argsort([-a.confidence for a in answers], kind="stable")[: round(len(right) * 0.9)]
    counts = confusion([e.tag for e in examples], [a.tag for a in answers], SLUGS)
    return {
        "accuracy": _plain(clopper_pearson(int(right.sum()), len(right))),
        "precision": _plain(intervals(counts, SLUGS)["precision"]),
        "precision at 90 %": _plain(clopper_pearson(int(right[kept].sum()), len(kept))),
    }


def _rule_table(examples: Sequence[Example]) -> list[dict[str, Any]]:
    """Each labelling function with its precision where it fires, on works that it was not written from."""
    rules = load_rules(DATA / "rules.toml")
    table = rule_precision(rules, examples)
    return [{"rule": rule.name, "tag": rule.tag, **_plain(table[rule.name])} for rule in rules]


def _plain(interval: Interval) -> dict[str, float]:
    return {
        "value": round(interval.value, 4),
        "low": round(interval.low, 4),
        "high": round(interval.high, 4),
        "n": interval.n,
    }


if __name__ == "__main__":
    main()
