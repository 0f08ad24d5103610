"""Measure a model on a labelled row file."""

from dataclasses import asdict
from pathlib import Path

from winnow.core.errors import InputError
from winnow.ml.encoder import Progress
from winnow.ml.evaluate import evaluate
from winnow.ml.train import dataset_sha256
from winnow.models import ModelVersion
from winnow.services.behaviour import behaviour_of
from winnow.services.encode import encode, encoder
from winnow.services.examples import examples_of_files
from winnow.services.measure import keep_scorecard
from winnow.services.models import model_of
from winnow.services.taxonomy import approved_list


def evaluate_file(ref: str, path: Path, *, progress: Progress | None = None) -> dict[str, object]:
    """The scorecard of a model on a file, with the rates of the behavioural tests, as plain JSON; every row counts.

    The figures of a registered model are kept as Evidence.
    Raises InputError for rows without a tag, ConflictError where the model reads vectors of another encoder.
    """
    model, name = model_of(ref)
    if model.needs_encoder:
        model.check_encoder(encoder())
    examples = examples_of_files([path], approved_list())
    if not examples:
        raise InputError(f"{path}: no rows; nothing to measure")
    documents = [example.document for example in examples]
    vectors = encode(documents, progress=progress) if model.needs_encoder else None
    scorecard = evaluate(model.classify(documents, vectors=vectors), examples, model.classes_)
    if ModelVersion.objects.filter(ref=name).exists():
        keep_scorecard(scorecard, model=model, dataset_sha256=dataset_sha256(examples), method=f"evaluate {path.name}")
    rates = behaviour_of(model).rates
    behaviour = {kind: {tag: asdict(rate) for tag, rate in by_tag.items()} for kind, by_tag in rates.items()}
    return {"model": name, **asdict(scorecard), "behaviour": behaviour}
