"""`winnow label-errors [FILE]`: labels that a person should look at again, worst first."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.services.label_errors import label_suspects


class Command(Verb):
    """Find label errors."""

    def handle(
        self,
        file: Annotated[
            Path | None, typer.Argument(help="A labelled row file; the newest frozen data set where it is left out.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """Suspects by confident learning: each row is judged by a model that never saw it. Nothing is mended.

        Example: winnow label-errors labelled.csv
        """
        with progress_bar("Reading") as show:
            found = label_suspects(file, progress=show)
        for suspect in found:
            if as_json:
                emit(asdict(suspect))
            else:
                say(f"{suspect.id}\t{suspect.tag}\t{suspect.suspected_tag}?\t{suspect.score:.3f}")
        if not found and not as_json:
            say("No label is in doubt.")
