"""`winnow import FILE`: take a row file in, all of it or nothing."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.services.import_rows import import_file


class Command(Verb):
    """Import rows."""

    def handle(
        self,
        file: Annotated[
            Path, typer.Argument(help="CSV, JSONL or JSON with id, created_on, title, description, tag?, url?")
        ],
        as_json: Json = False,
    ) -> None:
        """Rows with a tag enter as published under it; the others go through screen and classifier.

        A malformed row stops the whole file. Rows that are here already are named and left out.

        Example: winnow import works.csv --json
        """
        with progress_bar("Reading") as show:
            imported = import_file(file, progress=show)
        if as_json:
            refused = [{"line": r.line, "field": r.field, "reason": r.reason} for r in imported.refused]
            emit({"accepted": imported.accepted, "refused": refused})
            return
        for refusal in imported.refused:
            say(f"{file}:{refusal.line}: {refusal.field}: {refusal.reason}")
        say(f"{imported.accepted} accepted, {len(imported.refused)} left out.")
