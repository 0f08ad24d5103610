"""`winnow restore`: a backup comes back."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, say
from winnow.services.restore import restore


class Command(Verb):
    """Restore."""

    needs_database = False

    def handle(
        self,
        folder: Annotated[Path, typer.Argument(help="A backup, or a folder of backups: the newest of them.")],
        replaces: Annotated[
            bool, typer.Option("--replace", help="Put it in the place of what is here, which is kept beside it.")
        ] = False,
        as_json: Json = False,
    ) -> None:
        """Examine a backup, bring it up to this version, and put it in place; the site must not run.

        Example: winnow restore /srv/backups
        """
        done = restore(folder.absolute(), replaces=replaces)
        if as_json:
            emit(done.as_json())
            return
        row = done.as_json()
        say(f"Restored {row['backup']}: {row['rows']:,} rows, as of {row['made_at']}.")
        if done.kept:
            say(f"What was here is kept at {done.kept}.")
