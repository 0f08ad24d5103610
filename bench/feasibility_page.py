"""The page of feasibility and its pictures, from the figures of `feasibility`.

`python bench/feasibility_page.py` writes them again from the stored result.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from record import RESULTS, ROOT
from winnow.core.charts import SHARE, Axis, Line, Point, dot_chart, line_chart, matrix_chart, standalone
from winnow.core.values import Interval

PAGE = ROOT / "docs" / "explanation" / "feasibility.md"
PICTURES = ROOT / "docs" / "pictures"
NAMES = {"starter, at home": "starter", "seed, at home": "seed", "starter, on lists": "lists"}
# From here on the curves are asked whether they still rise.
ENOUGH = 400
VIEWS = ("title alone", "description alone", "title and description")


def write(figures: dict[str, Any]) -> None:
    """Write page and pictures."""
    PAGE.write_text(page(figures))
    for name, svg in pictures(figures).items():
        (PICTURES / name).write_text(svg)


def pictures(figures: dict[str, Any]) -> dict[str, str]:
    """The pictures by the names of their files."""
    confusion = figures["confusion"]
    charts = {
        "precision": _learning(figures, "precision", "weighted precision", (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)),
        "coverage": _learning(figures, "coverage", "coverage at precision .95", SHARE),
        "fields": dot_chart(
            "Precision by field", list(_field_rows(figures)), Axis("weighted precision", (0.6, 0.7, 0.8, 0.9, 1.0))
        ),
        "confusion": matrix_chart("What is taken for what", confusion["tags"], confusion["tags"], confusion["counts"]),
    }
    return {f"feasibility-{name}.svg": standalone(chart) for name, chart in charts.items()}


def page(figures: dict[str, Any]) -> str:
    """The page, every figure from the result."""
    parts = (_verdict, _curves, _ceiling, _fields, _confusion)
    return "\n".join(line for part in parts for line in (*part(figures), ""))


def _learning(figures: dict[str, Any], measure: str, name: str, ticks: Sequence[float]) -> str:
    lines = [
        Line(label, [Point(p["n rows"], *(p[measure][end] for end in ("value", "low", "high"))) for p in points])
        for points, label in ((figures["learning"][key], label) for key, label in NAMES.items())
    ]
    return line_chart(
        f"Rows that train against {name}", lines, Axis("rows that train", range(0, 1201, 200)), Axis(name, ticks)
    )


def _field_rows(figures: dict[str, Any]) -> Iterator[tuple[str, Interval]]:
    for name, fields in figures["fields"].items():
        for view in VIEWS:
            yield f"{name}: {view.replace('title and description', 'both')}", Interval(**fields[view]["precision"])


def _verdict(figures: dict[str, Any]) -> list[str]:
    best = {label: figures["learning"][key][-1] for key, label in NAMES.items()}
    starter, seed = (figures["fields"][name] for name in ("starter", "seed"))
    return [
        "# Feasibility: do title and description carry the signal?",
        "",
        "Written by `bench/feasibility.py` from `bench/results/feasibility.json`; do not edit.",
        "",
        "**Yes, for most works, and the rest has to be known as such.**",
        f"With all rows of the starter set, weighted precision at home is {_figure(best['starter']['precision'])}; with all of the seed set {_figure(best['seed']['precision'])}; of the starter set on lists of others {_figure(best['lists']['precision'])}.",
        f"A part of each set can be decided at precision .95: {_share(best['starter']['coverage'])} of the starter set, {_share(best['seed']['coverage'])} of the seed set, {_share(best['lists']['coverage'])} of the lists.",
        "So a classifier of these two fields is worth building, if it says when it is not sure and people decide the rest; no amount of modelling will make it right about everything.",
        f"Both fields are needed: without the description {_points(starter['both less title alone'])} of accuracy are lost on the starter set and {_points(seed['both less title alone'])} on the seed set.",
        "",
        "All of it was measured with the recipe that serves (`best`), with its confidence before calibration, whose order alone counts here.",
        "Folds never part works with like titles.",
        "The starter set was made with border cases on purpose, an eighth of each file, so that it is harder than a stream.",
        "The lists stand for a stream that nobody labelled for this project: their tags follow from the list that a work stands in.",
        "Figures are followed by their 95 % interval and n; where nothing else is said, it comes from the bootstrap over works.",
    ]


def _curves(figures: dict[str, Any]) -> list[str]:
    lines = [
        "## How many rows it takes",
        "",
        "![Rows that train against weighted precision](../pictures/feasibility-precision.svg)",
        "![Rows that train against coverage at precision .95](../pictures/feasibility-coverage.svg)",
        "",
        "At home every work is answered by a model that was trained on rows of the other four folds; each fold draws them by a seed of its own.",
        "On lists the figure is the mean of three draws.",
        "No rows means that the descriptions of typical content in the taxonomy alone have trained.",
        "Coverage is the largest share of works, surest first, of which .95 are right, found on the works themselves: it says what is there to be had, not what is proved.",
        "",
    ]
    for key, points in figures["learning"].items():
        lines += [
            f"**{key[0].upper()}{key[1:]}**",
            "",
            "| rows that train | weighted precision | coverage at precision .95 |",
            "|---|---|---|",
        ]
        lines += [f"| {p['n rows']:,} | {_figure(p['precision'])} | {_figure(p['coverage'])} |" for p in points]
        middle = next(point for point in points if point["n rows"] >= ENOUGH)
        gain = points[-1]["precision"]["value"] - middle["precision"]["value"]
        lines += ["", f"From {middle['n rows']:,} to {points[-1]['n rows']:,} rows it gains {gain:+.3f}.", ""]
    return [
        *lines,
        "Where a curve is flat within its intervals, more rows of the same kind are not what is missing; and what lies between home and abroad they do not close, which is why precision is certified on the stream that is served.",
    ]


def _ceiling(figures: dict[str, Any]) -> list[str]:
    people, lists = figures["agreement"], figures["lists that disagree"]
    conflicts = lists["works under two tags or more"]
    table = [
        f"| {name} | {_figure(people[name])} |" for name in ("raw agreement", "Krippendorff's alpha", "Gwet's AC1")
    ]
    pairs = ", ".join(f"{pair} {n}" for pair, n in list(lists["pairs"].items())[:4])
    return [
        "## The ceiling: how far labellers agree",
        "",
        f"A second labeller gave {people['raw agreement']['n']} works of the starter set a tag, from titles, descriptions and the guidelines alone, and was unsure of {people['unsure']}.",
        "",
        "| measure | figure |",
        "|---|---|",
        *table,
        "",
        "The interval of raw agreement is exact, the others are from the bootstrap.",
        "Both labellers knew the guidelines well, so this is what the text can carry at best, and no estimate of how strangers would agree.",
        "It lies far above what any curve reaches: people who know a work decide by what they know, and a classifier has the words alone.",
        "",
        f"Public lists tell the other side: {conflicts} works stand under two tags or more in lists of different people, and {lists['agreed']:,} works that several lists carry stand under one.",
        f"The commonest pairs: {pairs}.",
        "No classifier can be right by all of these lists at once, so a figure on lists is held down by what they disagree about; by how much cannot be told from works that stand in one list alone.",
    ]


def _fields(figures: dict[str, Any]) -> list[str]:
    lines = [
        "## What each field gives",
        "",
        "![Weighted precision by field](../pictures/feasibility-fields.svg)",
        "",
        "| set | field | weighted precision | coverage at precision .95 | accuracy lost against both, on the same works |",
        "|---|---|---|---|---|",
    ]
    for name, fields in figures["fields"].items():
        for view in VIEWS:
            lost = _figure(fields[f"both less {view}"]) if f"both less {view}" in fields else ""
            lines.append(
                f"| {name} | {view} | {_figure(fields[view]['precision'])} | {_figure(fields[view]['coverage'])} | {lost} |"
            )
    bare = ", ".join(
        f"{fields['without a description']} of the {name} set" for name, fields in figures["fields"].items()
    )
    return [
        *lines,
        "",
        f"Works without a description: {bare}; they count, and are answered without a word where the description alone is read.",
        "",
        "The address is not used.",
        "Not every work has one (the seed set has none at all), a submitter chooses it, and what it would teach is which sites a set was gathered from: a site that moves or is new would be sorted by habit.",
        "It serves to find copies, and to name slices on which a model is measured.",
    ]


def _confusion(figures: dict[str, Any]) -> list[str]:
    confusion = figures["confusion"]
    lines = [
        "## What is taken for what, and why",
        "",
        "![What is taken for what](../pictures/feasibility-confusion.svg)",
        "",
        "The starter set, out of fold: a line holds the works of one tag, and where they stand is what was answered.",
        "The words are those without which the wrong answer would have been less likely, strongest first, summed over the works of the pair (each left out in turn).",
        "",
        "| a work of | taken for | works | what pulled |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {pair['tag']} | {pair['taken for']} | {pair['n']} | {', '.join(pair['words'])} |"
        for pair in confusion["words"]
    ]
    return [*lines, "", *REASONS]


# Written after reading the words of the table above.
REASONS: Sequence[str] = (
    "Four reasons, as a person reads them out of these words and the guidelines:",
    "",
    "- **Tooling or method.** Libraries, compilers and notes on training (pipelines, backend, debugging, cache) stand between `mlops` and `other`, and between `mlops` and the field whose models they run: the guideline asks what a work is for, the words say what it is made of.",
    "- **The material in place of the question.** Speech, ontologies and code use the words of language; faces, pictures and segmentation appear in works on theory, sound or graphs.",
    "- **Two fields in one work.** Reading text in images, captions, and models of pictures and words bear the words of both; the guideline decides by what comes out, which a short text often leaves unsaid.",
    "- **Names.** A title that is a name, and a description that is a joke or a remark, leave nothing but small words to go by.",
    "",
    "The first and third are what the hard cases of the guidelines are about: people decide them by knowing the work.",
)


def _figure(found: dict[str, float]) -> str:
    return f"{found['value']:.3f} ({found['low']:.3f} to {found['high']:.3f}, n = {found['n']:,})"


def _share(found: dict[str, float]) -> str:
    return f"{found['value']:.0%} ({found['low']:.0%} to {found['high']:.0%})"


def _points(found: dict[str, float]) -> str:
    return f"{100 * found['value']:.1f} points ({100 * found['low']:.1f} to {100 * found['high']:.1f})"


if __name__ == "__main__":
    write(json.loads((Path(RESULTS) / "feasibility.json").read_text())["figures"])
