"""`winnow explain REF [FILE or -]`: what counted for and against."""

from pathlib import Path
from typing import Annotated, Any

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.services.explain_rows import explain_file

MOST_WORDS = 6


class Command(Verb):
    """Explain."""

    def handle(
        self,
        model: Annotated[str, typer.Argument(help="A name such as v5-1, a role, or a model folder.")] = "champion",
        file: Annotated[Path, typer.Argument(help="A row file, or - for standard input.")] = Path("-"),
        as_json: Json = False,
    ) -> None:
        """Each word is left out in turn: the change of the served probability is what it counted.

        Example: winnow explain champion new.csv
        """
        with progress_bar("Explaining") as show:
            for row in explain_file(model, file, progress=show):
                if as_json:
                    emit(row)
                else:
                    say(_line(row))


def _line(row: dict[str, Any]) -> str:
    if row["tag"] is None:
        return f"{row['id']}\t{row['error']}"
    words = "  ".join(f"{word} {change:+.2f}" for word, change in row["words"][:MOST_WORDS])
    return f"{row['id']}\t{row['tag']}\t{words}\trunner-up {row['runner_up']} {row['runner_up_probability']:.2f}"
