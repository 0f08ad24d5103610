"""Do the approaches build on each other, and which experiments helped? All on the same frozen data and folds.

1. Each recipe by the same five grouped folds of the seed set.
2. Trained on the starter set alone: on the seed set, and on lists that others wrote.
3. Trained on the seed set: on the same lists, without a label of theirs.
4. Each experiment of recipes/experiments/ in the same four places, against the best recipe.

Works that are in the training set too are left out of what is measured. Needs ../shared/data.
Writes results/approaches.json, docs/explanation/approaches.md and the page of all figures.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from typing import Any

from threadpoolctl import threadpool_limits

from card import card
from experiments import METHODS
from material import SLUGS, foreign_lists, gold_set, seed_set, strangers
from page import page
from paired import Outcome, differences, outcome, plain, summary
from record import ROOT, record
from trained import Ask
from winnow.core.values import Classification, Example
from winnow.home import DATA
from winnow.ml.recipes import EXPERIMENTS, Recipe, load_recipe, recipes
from winnow.ml.rules import load_rules, rule_precision
from winnow.ml.splits import group_examples, grouped_folds

FOLDS, FOLD_SEED = 5, 1
Places = dict[str, Outcome]


def main() -> None:
    """Measure all and write it down."""
    gold, seed, lists = gold_set(), seed_set(), foreign_lists()
    figures: dict[str, Any] = {"n": {"starter": len(gold), "seed": len(seed), "lists": len(lists)}}
    approaches, experiments = recipes(), recipes(EXPERIMENTS)
    with ProcessPoolExecutor(max_workers=2) as pool:
        measured = list(pool.map(_measure, [*approaches, *experiments]))
    names = [recipe.name for recipe in (*approaches, *experiments)]
    found = {name: figures for name, (figures, _) in zip(names, measured, strict=True)}
    outcomes = {name: places for name, (_, places) in zip(names, measured, strict=True)}
    before = {later.name: earlier.name for earlier, later in pairwise(approaches)}
    before |= {recipe.name: load_recipe("best").name for recipe in experiments}
    for name, other in before.items():
        for place in outcomes[name]:
            found[name][place]["gains"] = differences(outcomes[name][place], outcomes[other][place])
    figures["approaches"] = {recipe.name: found[recipe.name] for recipe in approaches}
    figures["experiments"] = {recipe.name: found[recipe.name] for recipe in experiments}
    figures["rules, each"] = _rule_table(strangers([*seed, *lists], gold))
    samples = {f"{name}, {place}": one.signed() for name, places in outcomes.items() for place, one in places.items()}
    record("approaches", figures, samples)
    write_pages(figures)


def _measure(recipe: Recipe) -> tuple[dict[str, Any], Places]:
    """Figures of an approach and what became of its answers, in every place."""
    found: dict[str, Any] = {}
    places: Places = {}
    with threadpool_limits(limits=1):
        for place, answers, examples in _places(METHODS[recipe.method](recipe)):
            places[place] = outcome(answers, examples)
            found[place] = {"figures": summary(answers, examples, SLUGS)}
    print(recipe.name, {place: round(one.accuracy(), 4) for place, one in places.items()}, flush=True)
    return found, places


def _places(asking: Ask) -> Iterator[tuple[str, list[Classification], Sequence[Example]]]:
    gold, seed, lists = gold_set(), seed_set(), foreign_lists()
    yield "seed, 5 folds", _cross_validated(asking, seed), seed
    for name, known, asked in (
        ("starter to seed", gold, seed),
        ("starter to lists", gold, lists),
        ("seed to lists", seed, lists),
    ):
        examples = strangers(asked, known)
        yield name, asking(known, examples), examples


def _cross_validated(asking: Ask, examples: Sequence[Example]) -> list[Classification]:
    labels = [example.tag for example in examples]
    answers: dict[int, Classification] = {}
    for fold in grouped_folds(group_examples(examples), labels, FOLDS, FOLD_SEED):
        inside = set(fold)
        rest = [example for row, example in enumerate(examples) if row not in inside]
        answers |= zip(fold, asking(rest, [examples[row] for row in fold]), strict=True)
    return [answers[row] for row in range(len(examples))]


def _rule_table(examples: Sequence[Example]) -> list[dict[str, Any]]:
    """Each labelling function with its precision where it fires, on works that it was not written from."""
    rules = load_rules(DATA / "rules.toml")
    table = rule_precision(rules, examples)
    return [{"rule": rule.name, "tag": rule.tag, **plain(table[rule.name])} for rule in rules]


def write_pages(figures: dict[str, Any]) -> None:
    """The pages that the result is shown on."""
    (ROOT / "docs" / "explanation" / "approaches.md").write_text(page(figures))
    (ROOT / "docs" / "reference" / "model-card.md").write_text(card(figures))


if __name__ == "__main__":
    main()
