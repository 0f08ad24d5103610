"""`winnow labels export|import`: labels to and from other tools."""

from pathlib import Path
from typing import Annotated

import typer
from django_typer.management import command

from winnow.core.label_formats import FORMATS
from winnow.management.command import Json, Verb, emit, say
from winnow.services.exchange_labels import WHAT, export_labels, import_labels

Format = Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")]


class Command(Verb):
    """Labels.

    Example: winnow labels export --format label-studio --out labels.json
    """

    @command()
    def export(
        self,
        form: Format = "jsonl",
        what: Annotated[str, typer.Option(help=f"{' or '.join(WHAT)}: what was said, or what waits.")] = "labels",
        out: Annotated[Path | None, typer.Option(help="The file; standard output where it is left out.")] = None,
    ) -> None:
        """Write labels with annotator, time and what the model said, or the works that wait for a label.

        Example: winnow labels export --what tasks --format doccano --out tasks.jsonl
        """
        pieces = export_labels(form, what=what)
        if out is None:
            for piece in pieces:
                typer.echo(piece, nl=False)
            return
        with out.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)

    @command(name="import")
    def take(
        self,
        file: Annotated[Path, typer.Argument(help="A file as the tool exported it.")],
        form: Format = "jsonl",
        as_json: Json = False,
    ) -> None:
        """Take labels in, in one transaction; what names no work here or no approved tag is named by line and left out.

        Example: winnow labels import project-1.json --format label-studio
        """
        done = import_labels(file, form)
        if as_json:
            refused = [{"line": one.line, "field": one.field, "reason": one.reason} for one in done.refused]
            emit({"accepted": done.accepted, "refused": refused})
            return
        say(f"{done.accepted} labels taken, {len(done.refused)} refused")
        for one in done.refused:
            say(f"  {file}:{one.line}: {one.field}: {one.reason}")
