"""Train: a job in; a model folder with a calibrated confidence and a certified threshold out."""

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from winnow.core.intervals import clopper_pearson
from winnow.core.policy import Policy
from winnow.core.values import Classification, Example
from winnow.ml.artifacts import canonical_json, write_artifact
from winnow.ml.base import Predictor
from winnow.ml.calibration import calibration_interval
from winnow.ml.job import TrainingJob, cross_fit, encoded, prepare
from winnow.ml.recipes import Recipe
from winnow.ml.serving import KIND, MODEL_FILE, PREDICTOR_FILE
from winnow.ml.thresholds import certify_answers

OUT_OF_FOLD = "out of fold, provisional"
HELD_OUT = "held-out labels"
DRAFT = "a draft, which is not calibrated and publishes nothing"
_TAUGHT = ("document", "tag", "id", "group", "weight")


@dataclass(frozen=True, slots=True)
class TrainingSummary:
    """What came out: the hash of the model folder's manifest and of the data, seconds taken, and the policy."""

    sha256: str
    dataset_sha256: str
    seconds: float
    policy: Policy


def train(job: TrainingJob, folder: Path) -> TrainingSummary:
    """Train on all examples and put the model folder into place. Equal jobs give equal bytes.

    Confidence is calibrated on out-of-fold scores, with folds that keep near-identical works together. The threshold is
    certified on the held-out examples or, without any, provisionally on the same out-of-fold scores.
    Raises InputError for data that cannot be trained on, ArtifactError where the folder is taken.
    """
    started = time.perf_counter()
    prepared = prepare(job)
    if job.is_draft:
        predictor, unseen, policy = prepared.fit(range(len(job.examples))), None, Policy(None, provenance=DRAFT)
    else:
        predictor, unseen = cross_fit(prepared, job.recipe)
        policy = _policy(job, predictor, unseen)
    data = dataset_sha256(job.examples)
    model = {
        "card": _card(job, unseen),
        "classes": list(job.slugs),
        "dataset_sha256": data,
        "encoder_sha256": job.encoder.sha256 if job.encoder and job.needs_encoder else None,
        "policy": asdict(policy),
        "recipe": recipe_json(job.recipe),
    }
    texts = {MODEL_FILE: model, PREDICTOR_FILE: predictor.settings()}
    sha256 = write_artifact(folder, KIND, predictor.arrays(), texts)
    return TrainingSummary(sha256, data, time.perf_counter() - started, policy)


def dataset_sha256(examples: Sequence[Example]) -> str:
    """The hash of what examples teach, as canonical JSON, in their order; what nothing learns from is no part of it."""
    taught = [{name: value for name, value in asdict(example).items() if name in _TAUGHT} for example in examples]
    return hashlib.sha256(canonical_json(taught)).hexdigest()


def recipe_json(recipe: Recipe) -> dict[str, Any]:
    """A recipe without the place where its file lay, which is no part of what was trained."""
    return {name: value for name, value in asdict(recipe).items() if name != "folder"}


def _policy(job: TrainingJob, predictor: Predictor, unseen: Sequence[Classification]) -> Policy:
    examples, answers, stands_on = job.examples, unseen, OUT_OF_FOLD
    if job.held_out:
        examples, stands_on = job.held_out, HELD_OUT
        vectors = encoded(job, examples, job.held_out_vectors)
        answers = predictor.classify([example.document for example in examples], vectors)
    certificate = certify_answers(answers, examples, target=job.recipe.target, delta=job.recipe.delta)
    provenance = "; ".join(filter(None, (stands_on, job.provenance)))
    return Policy(certificate.threshold, certificate=certificate, provenance=provenance)


def _card(job: TrainingJob, unseen: Sequence[Classification] | None) -> dict[str, Any]:
    """What a person wants to know of a model: what it learned from and how well it does on what it did not see."""
    card = {"about": job.recipe.about, "n": len(job.examples), "n_per_tag": dict(Counter(e.tag for e in job.examples))}
    return card if unseen is None else card | {"out_of_fold": _out_of_fold(job, unseen)}


def _out_of_fold(job: TrainingJob, unseen: Sequence[Classification]) -> dict[str, Any]:
    is_right = [answer.tag == example.tag for answer, example in zip(unseen, job.examples, strict=True)]
    confidences = np.array([answer.confidence for answer in unseen])
    return {
        "accuracy": asdict(clopper_pearson(sum(is_right), len(is_right))),
        "calibration_error": asdict(calibration_interval(confidences, np.array(is_right))),
    }
