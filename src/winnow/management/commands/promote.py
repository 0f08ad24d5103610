"""`winnow promote REF --as ROLE`: let a model serve, if the gates let it."""

from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.queries.models import model_rows
from winnow.services.promote import promote


class Command(Verb):
    """Promote."""

    def handle(
        self,
        model: Annotated[str, typer.Argument(help="A registered model such as v6-2; `winnow models` names them.")],
        role: Annotated[
            str,
            typer.Option(
                "--as", help="champion, challenger or shadow; or a stage on the way: staff, internal, canary, ab."
            ),
        ],
        share: Annotated[
            float | None, typer.Option(help="Of the works that a challenger decides about: above 0, at most 1.")
        ] = None,
        reason: Annotated[str, typer.Option(help="Why, for the log.")] = "",
        as_json: Json = False,
    ) -> None:
        """Put a model through the gates of a role and let it serve; what a gate misses is said, and nothing changes.

        Example: winnow promote v6-2 --as challenger --share 0.1
        """
        with progress_bar("Going through the gates"):
            deployment = promote(model, role=role, share=share, reason=reason)
        checks = deployment.gate.checks
        if as_json:
            for row in model_rows():
                emit(row.as_json())
            return
        for check in checks:
            say(f"  {check['verdict']:<8} {check['name']:<12} {check['says']}")
        say(
            f"{deployment.model_version.ref} serves as {role}; `winnow rollback --as {deployment.role}` takes that back."
        )
