"""The page of the documentation that compares the approaches, from the figures of `approaches`."""

from typing import Any

from winnow.ml.recipes import EXPERIMENTS, recipes

PLACES = {
    "seed, 5 folds": "Trained and tested on the seed set, 5 grouped folds",
    "starter to seed": "Trained on the starter set, tested on the seed set",
    "starter to lists": "Trained on the starter set, tested on lists that others wrote",
    "seed to lists": "Trained on the seed set, tested on lists that others wrote",
}
COLUMNS = ("accuracy", "precision", "precision at 90 %", "coverage at .95", "calibration error")
GAINS = ("accuracy", "precision at 90 %")
HEADS = {"precision": "weighted precision"}


def page(figures: dict[str, Any]) -> str:
    """The page, every figure from the result."""
    approaches, experiments, n = figures["approaches"], figures["experiments"], figures["n"]
    lines = [
        "# The approaches, and what each adds",
        "",
        "Written by `bench/approaches.py` from `bench/results/approaches.json`; do not edit.",
        "",
        f"All approaches meet the same frozen data: the starter set that ships ({n['starter']:,} works), the seed set of another site ({n['seed']:,} works) and lists that others wrote ({n['lists']:,} works).",
        "The five folds of the seed set are the same for all, and keep near-identical works together.",
        "Where one set trains and another tests, works that are in both are left out.",
        "",
        "Each figure is followed by its 95 % interval and n: exact binomial for accuracy and for the surest 90 %, bootstrap over rows for the rest.",
        "A gain is what an approach adds to the one before it on the same rows, with the interval of a paired bootstrap; it is beyond noise where the interval leaves out zero.",
        "The calibration error is the mean distance of confidence from the share that is right, over ten bins; its interval leans upwards.",
        "",
        "What chose the hyperparameters: v1 to v5 were chosen by cross-validation on the starter and the seed set, so their figures on the seed set are a little kind.",
        "v6 was chosen by a rule: of the settings within one standard error of the best accuracy on the starter set and on inner folds of the seed set's training parts, the one that carries best from the seed set to the starter set.",
        "No row of the lists entered that rule, but it was settled after figures of several settings on the lists and on the reported seed folds had been seen, so read both of v6 as a little kind.",
        "",
        "## The approaches",
        "",
        "| version | recipe | what it is |",
        "|---|---|---|",
        *(f"| {one.version} | `{one.name}` | {one.about} |" for one in recipes()),
        "",
    ]
    for place, title in PLACES.items():
        lines += [f"### {title}", "", *_table(approaches, place, "the one before"), ""]
    lines += [
        "## Experiments",
        "",
        "Each is a recipe in `recipes/experiments/`: it can be trained into a folder, and the registry refuses it.",
        "Gains are over the best approach.",
        "",
        "| experiment | what it tries | verdict |",
        "|---|---|---|",
        *(f"| `{one.name}` | {one.about} | {one.verdict} |" for one in recipes(EXPERIMENTS)),
        "",
    ]
    for place, title in PLACES.items():
        lines += [f"### Experiments: {title[0].lower()}{title[1:]}", "", *_table(experiments, place, "the best"), ""]
    return "\n".join(lines)


def cell(interval: dict[str, float]) -> str:
    """A figure with its interval and n."""
    return f"{interval['value']:.3f} ({interval['low']:.3f} to {interval['high']:.3f}, n = {interval['n']})"


def _table(rows: dict[str, Any], place: str, other: str) -> list[str]:
    heads = [HEADS.get(name, name) for name in COLUMNS] + [f"gain in {name} over {other}" for name in GAINS]
    lines = ["| recipe | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    for name, one in rows.items():
        gains = one[place].get("gains")
        cells = [cell(one[place]["figures"][column]) for column in COLUMNS]
        cells += [_gain(gains[column]) if gains else "" for column in GAINS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _gain(interval: dict[str, float]) -> str:
    return f"{interval['value']:+.3f} ({interval['low']:+.3f} to {interval['high']:+.3f})"
