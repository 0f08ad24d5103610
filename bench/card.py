"""The page of all figures of the classifiers, from the result of `approaches`."""

from typing import Any

from page import cell
from winnow.ml.recipes import load_recipe

BEST = load_recipe("best")

COLUMNS = ("accuracy", "precision", "precision at 90 %")


def card(figures: dict[str, Any]) -> str:
    """The page of the documentation, every figure from the result."""
    lines = [
        "# The classifiers as shipped: all figures",
        "",
        "Written by `bench/approaches.py` from `bench/results/approaches.json`; do not edit. In short: [the model card](../../project/release-1/model-card.md).",
        "",
        f"**What it is.** Recipe `{BEST.name}` ({BEST.version}): a softmax regression over the vector of a sentence encoder (all-MiniLM-L6-v2, int8) joined with labelling functions and TF-IDF of words and pairs of words.",
        "It learns from the starter set and the descriptions of typical content in the taxonomy, and nothing else.",
        "",
        "**What it is for.** Sorting titles and short descriptions of machine-learning content, in English above all, into the approved tags, and saying when it is not sure.",
        "It sees no images, no full text, and no address.",
        "",
        "**What to beware of.** The starter set is no sample of your stream: its certificate is provisional.",
        "Texts in other languages, titles alone, and works between two tags are where it errs most.",
        "",
        f"**Data.** Starter set: {figures['n']['starter']:,} works (see `data/gold/README.md`).",
        f"Seed set: {figures['n']['seed']} works of another site; lists: {figures['n']['lists']:,} works of public lists, both labelled by others; no word of either is in what ships.",
        "",
        "What chose the hyperparameters, and how the approaches compare with paired intervals: [the approaches](../explanation/approaches.md).",
        "",
        "Each figure is followed by its 95 % interval and n (exact binomial for accuracy, bootstrap for weighted precision, Wilson for the rules).",
        "",
    ]
    for title, key in _TABLES:
        lines += [
            f"## {title}",
            "",
            "| recipe | accuracy | weighted precision | precision of the surest 90 % |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {recipe} | " + " | ".join(cell(one[key]["figures"][name]) for name in COLUMNS) + " |"
            for recipe, one in figures["approaches"].items()
        ]
        lines.append("")
    lines += [
        "## The labelling functions, each on works of others",
        "",
        "Precision where the function fires; n is how often it did.",
        "",
    ]
    lines += ["| function | tag | precision |", "|---|---|---|"]
    lines += [f"| {row['rule']} | {row['tag']} | {cell(row)} |" for row in figures["rules, each"]]
    return "\n".join([*lines, ""])


_TABLES = (
    ("As shipped, on the seed set", "starter to seed"),
    ("As shipped, on lists that others wrote", "starter to lists"),
    ("Trained and tested on the seed set, 5 grouped folds", "seed, 5 folds"),
    ("Trained on the seed set, on lists that others wrote", "seed to lists"),
)
