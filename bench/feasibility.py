"""Can title and description carry the signal at all? What was found before any model was chosen.

(a) Learning curves: rows that train against precision, and against the coverage at precision .95.
(b) The ceiling: how far labellers agree, and lists that carry one work under two tags.
(c) How much the title alone, the description alone, and both give.
(d) Which tags are confused, and which words pull to the wrong one.

Needs ../shared/data. Writes results/feasibility.json, docs/explanation/feasibility.md and its pictures.
Confidences are those of the head before calibration: only their order counts here.
"""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement import agreement
from feasibility_page import write
from material import ENCODER, SLUGS, TAGS, foreign_lists, gold_set, seed_set, strangers
from record import SHARED, record
from winnow.core.text import document, joined
from winnow.core.values import Classification, Document, Example
from winnow.home import DATA
from winnow.ml.confusion import confusion, overall
from winnow.ml.explain import MAX_WORDS, content_words, without
from winnow.ml.job import Prepared, TrainingJob, prepare
from winnow.ml.recipes import load_recipe
from winnow.ml.splits import group_examples, grouped_folds

TARGET, DRAWS, N_FOLDS = 0.95, 400, 5
# Each fold draws the rows that train by a seed of its own, so that a curve at home is of five seeds.
REPEATS, SEEDS_ABROAD = (1,), (1, 2, 3)
SIZES = (0, 50, 100, 200, 400, 800)
Answers = tuple[NDArray[np.int64], NDArray[np.float64]]
FIELDS: dict[str, Callable[[Document], Document]] = {
    "title alone": lambda doc: document(doc.title),
    "description alone": lambda doc: document(doc.description),
    "title and description": lambda doc: doc,
}


def main() -> None:
    """Measure all and write it down."""
    sets = {"starter": gold_set(), "seed": seed_set()}
    foreign = strangers(foreign_lists(), sets["starter"])
    jobs = {name: _prepared(examples) for name, examples in sets.items()}
    figures: dict[str, Any] = {"n": {name: len(rows) for name, rows in {**sets, "lists": foreign}.items()}}
    figures["learning"] = {f"{name}, at home": _curve_at_home(job) for name, job in jobs.items()}
    figures["learning"]["starter, on lists"] = _curve_abroad(jobs["starter"], foreign)
    figures["agreement"] = _labellers(sets["starter"])
    figures["lists that disagree"] = _conflicts()
    figures["fields"] = {name: _fields(examples) for name, examples in sets.items()}
    figures["confusion"] = _confused(jobs["starter"])
    record("feasibility", figures)
    write(json.loads(json.dumps(figures)))


def _prepared(examples: Sequence[Example]) -> Prepared:
    return prepare(TrainingJob(load_recipe("best"), examples, TAGS, encoder=ENCODER))


def _folds(examples: Sequence[Example], repeat: int) -> list[list[int]]:
    return grouped_folds(group_examples(examples), [example.tag for example in examples], N_FOLDS, repeat)


def _curve_at_home(job: Prepared) -> list[dict[str, Any]]:
    """Every row answered once a repeat, by a model that saw `n` rows of the other folds."""
    truth = _places(job.examples)
    folds = {repeat: _folds(job.examples, repeat) for repeat in REPEATS}
    most = min(len(truth) - len(fold) for parts in folds.values() for fold in parts)
    points = []
    for n in [*(size for size in SIZES if size < most), most]:
        runs = [_answered(job, folds[repeat], n, repeat) for repeat in REPEATS]
        points.append({"n rows": n, **_figures(runs, truth)})
    return points


def _answered(job: Prepared, folds: Sequence[Sequence[int]], n: int, repeat: int) -> Answers:
    said, sure = np.zeros(len(job.examples), dtype=np.int64), np.zeros(len(job.examples))
    for number, fold in enumerate(folds):
        rest = sorted(set(range(len(said))) - set(fold))
        chosen = np.random.default_rng((repeat, number, n)).permutation(rest)[:n].tolist()
        answers = job.classify(job.fit(chosen), fold)
        said[list(fold)], sure[list(fold)] = _answers(answers)
    return said, sure


def _curve_abroad(job: Prepared, foreign: Sequence[Example]) -> list[dict[str, Any]]:
    truth = _places(foreign)
    documents = [example.document for example in foreign]
    vectors = ENCODER.encode([joined(doc) for doc in documents])
    points = []
    for n in [*SIZES, len(job.examples)]:
        draws = [np.random.default_rng((repeat, n)).permutation(len(job.examples))[:n] for repeat in SEEDS_ABROAD]
        runs = [_answers(job.fit(draw.tolist()).classify(documents, vectors)) for draw in draws]
        points.append({"n rows": n, **_figures(runs, truth)})
    return points


def _answers(answers: Sequence[Classification]) -> Answers:
    """Places of the tags answered, and their confidences."""
    return np.array([SLUGS.index(str(a.tag)) for a in answers]), np.array([a.confidence for a in answers])


def _figures(runs: Sequence[Answers], truth: NDArray[np.int64]) -> dict[str, Any]:
    """Means over repeats; intervals are 95 % percentiles of the bootstrap over works, the same draw in each repeat."""
    random = np.random.default_rng(0)
    everything = np.arange(len(truth))
    draws = [random.integers(len(truth), size=len(truth)) for _ in range(DRAWS)]
    measures = {"precision": _precision, "coverage": _coverage}
    found = {}
    for name, measure in measures.items():
        values = [np.mean([measure(said[d], sure[d], truth[d]) for said, sure in runs]) for d in (everything, *draws)]
        found[name] = _bounds(values, len(truth))
    return found


def _precision(said: NDArray[np.int64], _: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    k = len(SLUGS)
    counts = np.zeros((k + 1, k + 1), dtype=np.int64)
    np.add.at(counts, (truth, said), 1)
    return float(overall(counts)["precision"])


def _coverage(said: NDArray[np.int64], sure: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The largest share of rows, surest first, of which the target share is right."""
    order = np.argsort(-sure, kind="stable")
    right = np.cumsum((said == truth)[order]) / np.arange(1, len(truth) + 1)
    enough = np.flatnonzero(right >= TARGET)
    return (int(enough[-1]) + 1) / len(truth) if len(enough) else 0.0


def _labellers(gold: Sequence[Example]) -> dict[str, Any]:
    known = {example.id: example.tag for example in gold}
    lines = (DATA / "gold" / "agreement" / "blind-pass.jsonl").read_text().splitlines()
    second = [json.loads(line) for line in lines]
    pairs = [(known[row["id"]], row["tag"]) for row in second]
    return {**agreement(pairs, SLUGS), "unsure": sum(not row["is_sure"] for row in second)}


def _conflicts() -> dict[str, Any]:
    """Works that public lists carry under two tags, by pair, and those that several lists carry under one."""
    with (SHARED / "text" / "tag_conflicts.csv").open(encoding="utf-8", newline="") as file:
        groups: defaultdict[str, set[str]] = defaultdict(set)
        for row in csv.DictReader(file):
            groups[row["group"]].add(row["tag"])
    with (SHARED / "text" / "lists_labelled.csv").open(encoding="utf-8", newline="") as file:
        agreed = sum(int(row["n_lists"] or 1) > 1 for row in csv.DictReader(file))
    pairs = Counter(" and ".join(sorted(tags)) for tags in groups.values() if len(tags) > 1)
    return {"works under two tags or more": sum(pairs.values()), "pairs": dict(pairs.most_common()), "agreed": agreed}


def _fields(examples: Sequence[Example]) -> dict[str, Any]:
    truth = _places(examples)
    runs = {name: _views(examples, view) for name, view in FIELDS.items()}
    whole = runs["title and description"]
    figures: dict[str, Any] = {name: _figures(run, truth) for name, run in runs.items()}
    for name in list(FIELDS)[:2]:
        figures[f"both less {name}"] = _difference(whole, runs[name], truth)
    figures["without a description"] = sum(not example.document.description for example in examples)
    return figures


def _views(examples: Sequence[Example], view: Callable[[Document], Document]) -> list[Answers]:
    # Folds of the whole works, whatever of them is shown.
    job = _prepared([replace(example, document=view(example.document)) for example in examples])
    return [_answered(job, _folds(examples, repeat), len(examples), repeat) for repeat in REPEATS]


def _difference(whole: Sequence[Answers], part: Sequence[Answers], truth: NDArray[np.int64]) -> dict[str, float]:
    """Accuracy of both fields less that of one, on the same works; bootstrap over works."""
    gains = np.mean([(a[0] == truth) * 1.0 - (b[0] == truth) for a, b in zip(whole, part, strict=True)], axis=0)
    random = np.random.default_rng(0)
    drawn = [float(gains[random.integers(len(gains), size=len(gains))].mean()) for _ in range(DRAWS)]
    return _bounds([float(gains.mean()), *drawn], len(truth))


def _confused(job: Prepared) -> dict[str, Any]:
    """Out-of-fold answers by true tag and answer, and of each confused pair the words that pulled to the answer."""
    said: dict[int, str] = {}
    pulls: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for fold in _folds(job.examples, REPEATS[0]):
        predictor = job.fit(sorted(set(range(len(job.examples))) - set(fold)))
        for row, answer in zip(fold, job.classify(predictor, fold), strict=True):
            said[row] = str(answer.tag)
            if said[row] != job.examples[row].tag:
                pulls[job.examples[row].tag, said[row]].update(dict(_pulling(predictor, job.examples[row], said[row])))
    answers = [said[row] for row in range(len(job.examples))]
    counts = confusion([example.tag for example in job.examples], answers, SLUGS)[:-1, :-1]
    pairs = sorted(pulls, key=lambda pair: -int(counts[SLUGS.index(pair[0]), SLUGS.index(pair[1])]))
    return {
        "tags": [tag.short for tag in TAGS],
        "counts": counts.tolist(),
        "words": [
            {
                "tag": truth,
                "taken for": taken,
                "n": int(counts[SLUGS.index(truth), SLUGS.index(taken)]),
                "words": [word for word, _ in pulls[truth, taken].most_common(8)],
            }
            for truth, taken in pairs
        ],
    }


def _pulling(predictor: Any, example: Example, tag: str) -> Iterator[tuple[str, float]]:
    """Words without which the wrong answer would be less likely, and by how much."""
    doc = example.document
    candidates = content_words(joined(doc))[:MAX_WORDS]
    documents = [doc, *(without(doc, word) for word in candidates)]
    whole, *others = predictor.classify(documents, ENCODER.encode([joined(one) for one in documents]))
    for word, answer in zip(candidates, others, strict=True):
        if (pull := whole.probabilities[tag] - answer.probabilities[tag]) > 0.02:
            yield word, pull


def _places(examples: Sequence[Example]) -> NDArray[np.int64]:
    return np.array([SLUGS.index(example.tag) for example in examples])


def _bounds(values: Sequence[Any], n: int) -> dict[str, float]:
    """The first value with the percentiles of the others."""
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return {"value": round(float(values[0]), 4), "low": round(float(low), 4), "high": round(float(high), 4), "n": n}


if __name__ == "__main__":
    main()
