"""Train the screen of `offtopic` from works of machine learning, texts of other subjects, and a file of settings."""

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winnow.core.errors import InputError
from winnow.core.text import document, joined, words
from winnow.core.values import Document, Example
from winnow.ml.artifacts import write_artifact
from winnow.ml.base import Vectors
from winnow.ml.encoder import Encoder, Progress
from winnow.ml.linear_training import LinearClassifier
from winnow.ml.offtopic import KIND, SCORER_FILE, SCREEN_FILE
from winnow.ml.rules import Rule, rule_from_json, rule_to_json
from winnow.ml.splits import group_examples, grouped_folds
from winnow.ml.taxonomy import load_taxonomy
from winnow.ml.topic_scorer import OFF_TOPIC, ON_TOPIC, TopicScorer
from winnow.ml.train import dataset_sha256

MIN_WORDS = 3


@dataclass(frozen=True, slots=True)
class ScreenRecipe:
    """What the screen is made with. `withheld` is the share of good works that it may withhold, `withheld_bare` that of titles alone."""

    spam: tuple[Rule, ...]
    classifier: LinearClassifier
    typical: tuple[str, ...]
    typical_weight: float
    neighbour_weight: float
    withheld: float
    withheld_bare: float
    folds: int
    seed: int


@dataclass(frozen=True, slots=True)
class ScreenSummary:
    """Hash of the folder's manifest, and the share kept off among texts of other subjects that were not trained on."""

    sha256: str
    kept_off: float
    n_off_topic: int


def load_screen_recipe(path: Path) -> ScreenRecipe:
    """The recipe in a TOML file. Raises InputError with the file and what is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        scales = {name: float(raw[name]) for name in ("c", "tfidf_scale", "rule_scale")}
        return ScreenRecipe(
            spam=_rules(raw, "spam"),
            classifier=LinearClassifier(("encoder", "rules", "tfidf"), rules=_rules(raw, ON_TOPIC), **scales),
            typical=tuple(raw["typical"]),
            typical_weight=float(raw["typical_weight"]),
            neighbour_weight=float(raw["neighbour_weight"]),
            withheld=float(raw["withheld"]),
            withheld_bare=float(raw["withheld_bare"]),
            folds=int(raw["folds"]),
            seed=int(raw["seed"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError.at(path, 0, "", f"no screen can be made from it: {error!r}") from error


@dataclass(frozen=True, slots=True)
class ScreenJob:
    """Works of machine learning (`good`, whose loss is limited, and `border`, which only train) and other texts.

    `typical` are descriptions of machine learning, as the taxonomy has them.
    """

    recipe: ScreenRecipe
    good: Sequence[Document]
    border: Sequence[Document]
    off_topic: Sequence[Document]
    typical: Sequence[str]
    encoder: Encoder
    progress: Progress | None = None


def read_job(data: Path, encoder: Encoder, progress: Progress | None = None) -> ScreenJob:
    """The job of the starter material: gold/*.csv, offtopic/border-ml.csv and offtopic/not-ml.csv, and two TOML files."""
    return ScreenJob(
        recipe=load_screen_recipe(data / "offtopic.toml"),
        good=[doc for path in sorted(data.glob("gold/*.csv")) for doc in _read_documents(path)],
        border=_read_documents(data / "offtopic" / "border-ml.csv"),
        off_topic=_read_documents(data / "offtopic" / "not-ml.csv"),
        typical=[text for tag in load_taxonomy(data / "taxonomy.toml") for text in tag.typical],
        encoder=encoder,
        progress=progress,
    )


def train_screen(job: ScreenJob, folder: Path) -> ScreenSummary:
    """Train and put the folder into place. Every work also trains as its title alone. Equal jobs give equal bytes.

    A threshold leaves at most the permitted share of the good works, scored out of fold, above it.
    """
    examples = _examples(job)
    extra = _typical(job)
    vectors = _encode(job, [*examples, *extra])
    scores = _out_of_fold(job, examples, extra, vectors)
    thresholds = {bare: _threshold(job, examples, scores, bare=bare) for bare in (False, True)}
    scorer = _fit(job, [*examples, *extra], vectors)
    screen = {
        "dataset_sha256": dataset_sha256([*examples, *extra]),
        "encoder_sha256": job.encoder.sha256,
        "spam": [rule_to_json(rule) for rule in job.recipe.spam],
        "threshold_bare": thresholds[True],
        "threshold_described": thresholds[False],
    }
    texts = {SCREEN_FILE: screen, SCORER_FILE: scorer.settings()}
    off = [row for row, example in enumerate(examples) if example.tag == OFF_TOPIC]
    kept_off = [scores[row] > thresholds[not examples[row].document.description] for row in off]
    sha256 = write_artifact(folder, KIND, scorer.arrays(), texts)
    return ScreenSummary(sha256, float(np.mean(kept_off)) if off else 0.0, len(off))


def _read_documents(path: Path) -> list[Document]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [document(row["title"], row["description"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError) as error:
        raise InputError.at(path, 0, "", f"no texts can be read from it: {error!r}") from error


def _examples(job: ScreenJob) -> list[Example]:
    """One example a work, and a second one without its description; both are one group.

    The name of a tool alone tells nothing of its subject: of other subjects only titles of some words stand alone.
    """
    kinds = ((job.good, ON_TOPIC, "good"), (job.border, ON_TOPIC, "border"), (job.off_topic, OFF_TOPIC, "off"))
    whole = [
        Example(doc, tag, id=name, group=f"{name} {number}")
        for documents, tag, name in kinds
        for number, doc in enumerate(documents)
    ]
    bare = [replace(one, document=Document(one.document.title)) for one in whole if one.document.description]
    whole, bare = ([one for one in part if _tells(one)] for part in (whole, bare))
    return whole + bare


def _tells(example: Example) -> bool:
    doc = example.document
    return example.tag == ON_TOPIC or bool(doc.description) or len(words(doc.title)) >= MIN_WORDS


def _typical(job: ScreenJob) -> list[Example]:
    weight = job.recipe.typical_weight
    pairs = [(text, ON_TOPIC) for text in job.typical] + [(text, OFF_TOPIC) for text in job.recipe.typical]
    return [Example(document(text), tag, weight=weight) for text, tag in pairs]


def _encode(job: ScreenJob, examples: Sequence[Example]) -> Vectors:
    return job.encoder.encode([joined(example.document) for example in examples], progress=job.progress)


def _fit(job: ScreenJob, examples: Sequence[Example], vectors: Vectors) -> TopicScorer:
    predictor = job.recipe.classifier.fit(examples, (OFF_TOPIC, ON_TOPIC), vectors)
    is_off = np.array([example.tag == OFF_TOPIC for example in examples])
    return TopicScorer(predictor, vectors[is_off], vectors[~is_off], job.recipe.neighbour_weight)


def _out_of_fold(
    job: ScreenJob, examples: Sequence[Example], extra: Sequence[Example], vectors: Vectors
) -> NDArray[np.float64]:
    """For each example the score by a scorer that did not see the work."""
    groups = group_examples(examples)
    folds = grouped_folds(groups, [example.tag for example in examples], job.recipe.folds, job.recipe.seed)
    scores = np.zeros(len(examples))
    own = range(len(examples), len(vectors))
    for fold in folds:
        rows = sorted(set(range(len(examples))) - set(fold))
        seen = [examples[row] for row in rows]
        scorer = _fit(job, [*seen, *extra], vectors[[*rows, *own]])
        scores[fold] = [scorer.score(examples[row].document, vectors[row]) for row in fold]
    return scores


def _threshold(job: ScreenJob, examples: Sequence[Example], scores: NDArray[np.float64], *, bare: bool) -> float:
    good = [row for row, one in enumerate(examples) if one.id == "good" and bare != bool(one.document.description)]
    share = job.recipe.withheld_bare if bare else job.recipe.withheld
    return float(np.quantile(scores[good], 1.0 - share, method="higher")) if good else 1.0


def _rules(raw: Mapping[str, Any], tag: str) -> tuple[Rule, ...]:
    return tuple(rule_from_json({"none": [], **table, "tag": tag}) for table in raw[tag])
