"""`winnow screen FILE`: what gate 2 would say of each row; nothing is stored."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.services.screen_rows import screen_file


class Command(Verb):
    """Screen rows."""

    def handle(
        self,
        file: Annotated[Path, typer.Argument(help="A row file, or - for standard input.")],
        against_store: Annotated[
            bool, typer.Option("--against-store", help="Against all that is held, not an empty store.")
        ] = False,
        as_json: Json = False,
    ) -> None:
        """A dry run: invalid, duplicate, off-topic or accepted, row by row in order.

        Example: winnow screen new.jsonl --against-store
        """
        with progress_bar("Screening") as show:
            for row in screen_file(file, against_store=against_store, progress=show):
                if as_json:
                    emit({"id": row.id, "verdict": row.verdict, "duplicate_of": row.duplicate_of, "reason": row.reason})
                else:
                    say(f"{row.id}\t{row.verdict}\t{row.reason}")
