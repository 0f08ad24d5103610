"""Replay a labelled stream: the file's tags stand in for the people who would be asked."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from winnow.core.errors import InputError
from winnow.core.values import Example
from winnow.ml.encoder import Progress
from winnow.ml.job import TrainingJob
from winnow.ml.recipes import load_recipe
from winnow.ml.simulate import replay, total
from winnow.services.encode import encode, encoder
from winnow.services.examples import examples_of_files
from winnow.services.taxonomy import approved_list


def simulate_stream(
    seed_data: Path,
    stream: Path,
    *,
    n_labels: int,
    target: float = 0.90,
    delta: float = 0.10,
    seed: int = 0,
    progress: Progress | None = None,
) -> Iterator[dict[str, object]]:
    """The steps of the loop in order, then the total, as plain JSON.

    Raises InputError for rows that cannot be used, shares outside of (0, 1), and a budget below 0.
    """
    if n_labels < 0 or not 0.0 < target < 1.0 or not 0.0 < delta < 1.0:
        raise InputError("--labels: at least 0; --target and --delta: between 0 and 1")
    tags = approved_list()
    rows = {example.id: example for example in examples_of_files([stream], tags)}
    documents = {row_id: example.document for row_id, example in rows.items()}
    recipe = load_recipe("best")
    job = TrainingJob(recipe, examples_of_files([seed_data], tags), tags, encoder=encoder(), progress=progress)
    done = replay(
        job,
        documents,
        lambda row_id: rows[row_id].tag,
        n_labels=n_labels,
        vectors=encode(list(documents.values()), progress=progress),
        target=target,
        delta=delta,
        seed=seed,
    )
    for step in done.steps:
        yield {"step": step.name, "words": step.words, "labels_used": step.labels_used}
    yield {"total": asdict(total(done, _tags(rows)))}


def _tags(rows: dict[str, Example]) -> dict[str, str]:
    return {row_id: example.tag for row_id, example in rows.items()}
