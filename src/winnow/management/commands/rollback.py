"""`winnow rollback`: take back what was promoted last."""

from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, say
from winnow.queries.models import model_rows
from winnow.services.promote import rollback


class Command(Verb):
    """Roll back."""

    def handle(
        self,
        role: Annotated[str, typer.Option("--as", help="champion, challenger or shadow.")] = "champion",
        reason: Annotated[str, typer.Option(help="Why, for the log.")] = "",
        as_json: Json = False,
    ) -> None:
        """The model before it serves again, at once and without a restart; a challenger or shadow just ends.

        Example: winnow rollback --reason "readers report wrong tags"
        """
        deployment = rollback(role, reason=reason)
        if as_json:
            for row in model_rows():
                emit(row.as_json())
        elif deployment.share == 0.0:
            say(f"Nothing serves as {role} any more.")
        else:
            say(f"{deployment.model_version.ref} serves as {role} again.")
