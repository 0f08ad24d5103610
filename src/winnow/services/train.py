"""Train a recipe, from files or from the newest frozen data set, and register what comes out."""

import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from winnow.core.errors import InputError
from winnow.core.text import document
from winnow.core.values import Example
from winnow.ml.encoder import Progress
from winnow.ml.evaluate import evaluate
from winnow.ml.job import TrainingJob
from winnow.ml.recipes import Recipe, load_recipe, recipe_of
from winnow.ml.serving import Model, load_artifact
from winnow.ml.train import dataset_sha256, recipe_json, train
from winnow.models import DatasetVersion, Item, ModelVersion, TrainingRun
from winnow.services.behaviour import behaviour_of
from winnow.services.deploy import MODELS, load_version, refuse_experiment, register_model
from winnow.services.encode import Vectors, encoder, vectors_of
from winnow.services.examples import examples_of_files
from winnow.services.freeze import examples_of
from winnow.services.measure import code_sha256, keep_behaviour, keep_card, keep_scorecard
from winnow.services.taxonomy import approved_list

STARTER = "provisional: proved on the starter set, not yet on your stream"


@dataclass(frozen=True, slots=True)
class Trained:
    """What came out: the name of the model (or its folder), the data it saw, how long it took."""

    model: str
    dataset_sha256: str
    seconds: float


def train_model(
    recipe: str,
    *,
    data: Sequence[Path] = (),
    out: Path | None = None,
    is_draft: bool = False,
    is_measured: bool = True,
    progress: Progress | None = None,
) -> Trained:
    """Train from the files named and the taxonomy, nothing else; without files from the newest frozen data set.

    With `out` the folder is all there is; without, the model is registered under a name such as `v5-3`, and measured if
    it is to be. A draft, which lasts until the next answers come, is neither calibrated nor measured, and publishes
    nothing.
    Raises InputError for data that cannot be used, and for a folder that holds something already, ConflictError for an
    experiment that is to be registered.
    """
    started = time.monotonic()
    if out is None:
        refuse_experiment(recipe_json(load_recipe(recipe)))
    tags = approved_list()
    dataset = None if data else newest_dataset()
    examples = examples_of(dataset, "train") if dataset else examples_of_files(data, tags)
    held_out = examples_of(dataset, "certify") if dataset else []
    with tempfile.TemporaryDirectory(dir=_workbench(out), prefix="training.tmp.") as scratch:
        draft = Path(scratch) / "model"
        job = replace(_job(load_recipe(recipe), examples, held_out, progress=progress), is_draft=is_draft)
        train(_of_items(job) if dataset else job, draft)
        loaded = load_artifact(draft, tags)
        measured = held_out if is_measured and not is_draft else None
        name = _deliver(draft, out) if out else _register(draft, loaded, dataset, measured)
    seconds = time.monotonic() - started
    if out is None:
        _keep_run(name, loaded, is_draft=is_draft, seconds=seconds)
    return Trained(name, loaded.dataset_sha256, seconds)


def train_again(version: ModelVersion, folder: Path, *, data: Sequence[Path] = ()) -> Model:
    """Train a registered model once more into a folder: its recorded recipe, the same data, as it was done then.

    What was trained from files needs them again. Raises InputError where they are not named.
    """
    dataset = None if data else version.dataset
    if dataset is None and not data:
        raise InputError(f"{version.ref} was trained from files: name them with --data")
    examples = examples_of(dataset, "train") if dataset else examples_of_files(data, approved_list())
    run = version.runs.order_by("pk").first()
    recipe = recipe_of(run.recipe if run else load_version(version).recipe)
    job = replace(
        _job(recipe, examples, examples_of(dataset, "certify") if dataset else []), is_draft=bool(run and run.is_draft)
    )
    train(_of_items(job) if dataset else job, folder)
    return load_artifact(folder, approved_list())


def _keep_run(ref: str, loaded: Model, *, is_draft: bool, seconds: float) -> None:
    TrainingRun.objects.create(
        model_version=ModelVersion.objects.get(ref=ref),
        recipe=dict(loaded.recipe),
        is_draft=is_draft,
        dataset_sha256=loaded.dataset_sha256,
        encoder_sha256=loaded.encoder_sha256 or "",
        code_sha256=code_sha256(),
        seconds=seconds,
    )


def _job(
    recipe: Recipe, examples: list[Example], held_out: list[Example], *, progress: Progress | None = None
) -> TrainingJob:
    return TrainingJob(
        recipe=recipe,
        examples=examples,
        tags=approved_list(),
        encoder=encoder(),
        held_out=held_out,
        progress=progress,
    )


def _of_items(job: TrainingJob) -> TrainingJob:
    """The job of a frozen data set, whose works are Items with vectors of their own."""
    if not job.needs_encoder:
        return replace(job, provenance=STARTER)
    vectors, held_out = (_stored_vectors(examples) for examples in (job.examples, job.held_out))
    return replace(job, provenance=STARTER, vectors=vectors, held_out_vectors=held_out)


def _stored_vectors(examples: Sequence[Example]) -> Vectors | None:
    """Those that the Items hold; None, so that they are made anew, where an Item is gone or says something else now."""
    items = Item.objects.in_bulk([int(example.id) for example in examples])
    rows = [items.get(int(example.id)) for example in examples]
    found = [row for row in rows if row is not None]
    texts = [document(row.title, row.description) for row in found]
    return vectors_of(found) if texts == [example.document for example in examples] else None


def newest_dataset() -> DatasetVersion:
    """The data set frozen last. Raises InputError where there is none."""
    dataset = DatasetVersion.objects.order_by("-pk").first()
    if dataset is None:
        raise InputError("no frozen data set yet: name row files with --data, or run `make demo`")
    return dataset


def _workbench(out: Path | None) -> Path:
    """Where drafts are made: on the file system of their destination, so that moving them is one step."""
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out}: is not empty; name a new folder for the model")
    folder = out.absolute().parent if out else settings.HOME / MODELS
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _deliver(draft: Path, out: Path) -> str:
    if out.exists():
        out.rmdir()
    draft.rename(out)
    return str(out)


def _register(draft: Path, loaded: Model, dataset: DatasetVersion | None, held_out: list[Example] | None) -> str:
    """Move the folder to its content's address and give it a row; what is there already stays."""
    folder = settings.HOME / MODELS / loaded.sha256[:16]
    if not folder.exists():
        draft.rename(folder)
    else:
        shutil.rmtree(draft)
    version = register_model(loaded, dataset=dataset)
    keep_card(loaded)
    if dataset is not None and held_out is not None:
        _measure(loaded, dataset, held_out)
    return version.ref


def measure_model(version: ModelVersion) -> None:
    """Measure a registered model on the works of its frozen set that were kept from training; again changes nothing."""
    dataset = version.dataset
    if dataset is not None:
        _measure(load_version(version), dataset, examples_of(dataset, "certify"))


def _measure(loaded: Model, dataset: DatasetVersion, held_out: list[Example]) -> None:
    keep_behaviour(behaviour_of(loaded), model=loaded)
    if held_out:
        answers = loaded.classify([e.document for e in held_out], encoder=encoder())
        method = f"works of {dataset.version} that were kept from training"
        scorecard = evaluate(answers, held_out, loaded.classes_)
        keep_scorecard(scorecard, model=loaded, dataset_sha256=dataset_sha256(held_out), method=method)
