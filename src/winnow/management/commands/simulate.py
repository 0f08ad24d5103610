"""`winnow simulate`: replay a labelled stream through the loop of asking, learning, certifying and publishing."""

import sys
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from winnow.core.errors import InputError
from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.services.elsewhere import run_elsewhere


class Command(Verb):
    """Simulate."""

    needs_database: ClassVar[bool] = False

    def handle(  # noqa: PLR0913, PLR0917 - a command has the options that it has
        self,
        seed_data: Annotated[Path, typer.Option(help="Labelled rows to begin with.")],
        stream: Annotated[
            Path, typer.Option(help="Labelled rows of a stream; a tag is read only when it is asked for.")
        ],
        labels: Annotated[int, typer.Option(help="How many labels people will give.")],
        target: Annotated[float, typer.Option(help="The precision to prove.")] = 0.90,
        delta: Annotated[float, typer.Option(help="The risk that the proof is wrong.")] = 0.10,
        seed: Annotated[int, typer.Option(help="Draws the audits.")] = 0,
        picture: Annotated[Path | None, typer.Option(help="Draw coverage and precision into this SVG file.")] = None,
        here: Annotated[bool, typer.Option("--here", hidden=True, help="In this home, which has to be empty.")] = False,
        as_json: Json = False,
    ) -> None:
        """What would be published by itself, and how much of it would be right.

        The replay has a home of its own that is thrown away afterwards; yours stays as it is.

        Example: winnow simulate --seed-data gold.csv --stream labelled-stream.csv --labels 200 --picture loop.svg
        """
        if picture is not None and not picture.parent.is_dir():
            raise InputError(f"--picture: {picture.parent}: is no folder; name one that is there")
        if not here:
            sys.exit(run_elsewhere([*sys.argv[1:], "--here"]))
        # Slow imports: whoever only starts the other process need not wait for them twice.
        from winnow.services.ready import ensure_ready  # noqa: PLC0415
        from winnow.services.simulate import Promise, simulate_stream  # noqa: PLC0415

        ensure_ready()
        promise = Promise(target, delta, seed)
        with progress_bar("Reading") as show:
            for row in simulate_stream(
                seed_data, stream, n_labels=labels, promise=promise, picture=picture, progress=show
            ):
                if as_json:
                    emit(row.as_json())
                else:
                    say(row.in_words())
