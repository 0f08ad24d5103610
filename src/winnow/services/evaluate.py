"""Measure a model on a labelled row file, or on what a frozen set keeps for it."""

from dataclasses import asdict
from pathlib import Path

from winnow.core.errors import InputError
from winnow.core.values import Example
from winnow.ml.encoder import Progress
from winnow.ml.evaluate import evaluate
from winnow.ml.train import dataset_sha256
from winnow.models import DatasetVersion, ModelVersion
from winnow.queries.datasets import splits_by_sha256
from winnow.services.behaviour import behaviour_of
from winnow.services.encode import encode, encoder
from winnow.services.examples import examples_of_files
from winnow.services.freeze import CERTIFY, examples_of
from winnow.services.measure import keep_scorecard
from winnow.services.models import model_of
from winnow.services.taxonomy import approved_list


def evaluate_file(ref: str, path: Path, *, progress: Progress | None = None) -> dict[str, object]:
    """The scorecard of a model on a file, with the rates of the behavioural tests, as plain JSON; every row counts.

    In place of a file a frozen set may be named, such as `gold-1`: then what it keeps from training counts. "dataset"
    names what was measured on by its hash, and by its version and split where it is that of a frozen set.
    The figures of a registered model are kept as Evidence.
    Raises InputError for rows without a tag, ConflictError where the model reads vectors of another encoder.
    """
    model, name = model_of(ref)
    if model.needs_encoder:
        model.check_encoder(encoder())
    examples, method = _rows(path)
    if not examples:
        raise InputError(f"{path}: no rows; nothing to measure")
    documents = [example.document for example in examples]
    vectors = encode(documents, progress=progress) if model.needs_encoder else None
    scorecard = evaluate(model.classify(documents, vectors=vectors), examples, model.classes_)
    sha256 = dataset_sha256(examples)
    if ModelVersion.objects.filter(ref=name).exists():
        keep_scorecard(scorecard, model=model, dataset_sha256=sha256, method=method)
    rates = behaviour_of(model).rates
    behaviour = {kind: {tag: asdict(rate) for tag, rate in by_tag.items()} for kind, by_tag in rates.items()}
    version, split = splits_by_sha256().get(sha256, (None, None))
    dataset = {"version": version, "split": split, "sha256": sha256}
    return {"model": name, "dataset": dataset, **asdict(scorecard), "behaviour": behaviour}


def _rows(path: Path) -> tuple[list[Example], str]:
    """What to measure on, and in words how."""
    frozen = None if path.exists() else DatasetVersion.objects.filter(version=str(path)).first()
    if frozen is None:
        return examples_of_files([path], approved_list()), f"evaluate {path.name}"
    return examples_of(frozen, CERTIFY), f"works of {frozen.version} that were kept from training"
