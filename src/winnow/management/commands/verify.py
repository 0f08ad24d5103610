"""`winnow verify REF`: train a model again, and compare the bytes."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.services.verify import Verification, verify_model


class Command(Verb):
    """Verify."""

    def handle(
        self,
        model: Annotated[str, typer.Argument(help="A registered model such as v6-2, or a role.")],
        data: Annotated[
            list[Path] | None, typer.Option(help="The files that it was trained from, if it was trained from files.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """Train a model from what was recorded of it, and compare every byte; exit status 1 where one differs.

        Example: winnow verify champion
        """
        with progress_bar("Training again"):
            found = verify_model(model, data=data or [])
        if as_json:
            emit(found.as_json())
        else:
            say(_words(found))
        if not found.is_same:
            raise typer.Exit(1)


def _words(found: Verification) -> str:
    if found.is_same:
        return f"{found.model}: the same bytes again ({found.sha256[:12]}, {found.seconds:.1f} s)."
    why = " The code has changed since it was trained." if found.code_changed else ""
    return f"{found.model}: not the same: {', '.join(found.differing)} differ.{why}"
