"""`winnow backup`: a copy of everything that was proved to come back."""

from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from winnow.management.command import Json, Verb, emit, say
from winnow.services.backup import make_backup


class Command(Verb):
    """Back up."""

    def handle(
        self,
        folder: Annotated[Path, typer.Argument(help="Where backups go, each in a folder of its own.")],
        keep: Annotated[int, typer.Option(help="How many of them stay, the newest.", min=1)] = settings.BACKUP_KEEP,
        as_json: Json = False,
    ) -> None:
        """Copy database, models and key while everything runs, restore the copy beside, and compare.

        Example: winnow backup /srv/backups
        """
        made = make_backup(folder.absolute(), keep=keep)
        if as_json:
            emit(made.as_json())
            return
        row = made.as_json()
        say(f"{row['backup']}: {row['rows']:,} rows of {row['tables']} tables, restored once and found the same.")
