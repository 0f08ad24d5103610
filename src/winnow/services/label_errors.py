"""Labels that a person should look at again."""

from pathlib import Path

from winnow.core.values import Example
from winnow.ml.encoder import Progress
from winnow.ml.job import TrainingJob
from winnow.ml.label_errors import Suspect, find_label_errors
from winnow.ml.recipes import load_recipe
from winnow.services.encode import encoder
from winnow.services.examples import examples_of_files
from winnow.services.freeze import examples_of
from winnow.services.taxonomy import approved_list
from winnow.services.train import newest_dataset


def label_suspects(path: Path | None, *, progress: Progress | None = None) -> tuple[Suspect, ...]:
    """The suspects of a row file, or of the newest frozen data set, worst first. Nothing is mended.

    Raises InputError for rows that cannot be used, or where there is no data set.
    """
    job = TrainingJob(
        recipe=load_recipe("best"),
        examples=_examples(path),
        tags=approved_list(),
        encoder=encoder(),
        progress=progress,
    )
    return find_label_errors(job)


def _examples(path: Path | None) -> list[Example]:
    if path is not None:
        return examples_of_files([path], approved_list())
    dataset = newest_dataset()
    return [*examples_of(dataset, "train"), *examples_of(dataset, "certify")]
