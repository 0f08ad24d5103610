"""`winnow move`: from the embedded database to PostgreSQL, or back."""

from typing import Annotated

import typer

from winnow.database_url import database_of
from winnow.management.command import Json, Verb, emit, say
from winnow.services.move import move


class Command(Verb):
    """Move."""

    def handle(
        self,
        url: Annotated[str, typer.Argument(help="The address of an empty database, as DATABASE_URL has it.")],
        as_json: Json = False,
    ) -> None:
        """Carry everything over to another database and compare each row; the site must not run.

        Example: winnow move postgresql://winnow@db.example.org/winnow
        """
        moved = move(database_of(url))
        if as_json:
            emit({"rows": moved.rows, "verified": True})
            return
        say(f"{sum(moved.rows.values()):,} rows of {len(moved.rows)} tables arrived, each compared.")
        say("Set DATABASE_URL to that address and start the site; this database stays as it was.")
