"""`winnow train RECIPE`: train a model."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.services.train import train_model


class Command(Verb):
    """Train."""

    def handle(
        self,
        recipe: Annotated[
            str,
            typer.Argument(
                help="dummy, rules, linear, encoder, joined, steady; v1 to v6; best; an experiment; or a recipe file."
            ),
        ],
        data: Annotated[list[Path] | None, typer.Option(help="A labelled row file; may be repeated.")] = None,
        out: Annotated[
            Path | None, typer.Option(help="Where the model folder goes; it is then not registered.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """Train from the files named and the taxonomy, nothing else; without --data from the newest frozen data set.

        Example: winnow train best --data labelled.csv --out my-model
        """
        with progress_bar(f"Training {recipe}") as show:
            trained = train_model(recipe, data=data or (), out=out, progress=show)
        if as_json:
            emit(
                {"model": trained.model, "dataset_sha256": trained.dataset_sha256, "seconds": round(trained.seconds, 3)}
            )
        else:
            say(f"{trained.model}: trained in {trained.seconds:.1f} s")
