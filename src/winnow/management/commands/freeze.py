"""`winnow freeze`: an immutable set of all gold labels."""

from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, say
from winnow.services.freeze import freeze_dataset


class Command(Verb):
    """Freeze."""

    def handle(
        self,
        certifies: Annotated[
            bool, typer.Option("--holds-out/--all-train", help="Keep a fifth to prove a model on.")
        ] = True,
        as_json: Json = False,
    ) -> None:
        """Freeze all labels as they stand into a version; the same labels give the same version and hash.

        Example: winnow freeze
        """
        dataset = freeze_dataset(holds_out=certifies)
        row = {"version": dataset.version, "sha256": dataset.sha256, "n": dataset.n, "per_tag": dataset.per_tag}
        if as_json:
            emit(row)
            return
        say(f"{dataset.version}: {dataset.n} works, {dataset.sha256[:12]}")
        for tag, n in dataset.per_tag.items():
            say(f"  {n:>6}  {tag}")
        for finding in dataset.checks["findings"]:
            say(f"  note on {finding['check']}: {finding['message']}")
        for why, n in dataset.checks["left_out"].items():
            if n:
                say(f"  left out: {n} labels of {why} accounts")
