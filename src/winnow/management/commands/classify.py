"""`winnow classify [FILE or -]`: classify rows; nothing is stored."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.services.classify_rows import classify_file


class Command(Verb):
    """Classify rows."""

    def handle(
        self,
        file: Annotated[Path, typer.Argument(help="A row file (CSV, JSONL, JSON), or - for standard input.")] = Path(
            "-"
        ),
        model: Annotated[str, typer.Option(help="A name such as v5-1, a role, or a model folder.")] = "champion",
        policy: Annotated[str, typer.Option(help="`none` tells the tag whatever the threshold says.")] = "served",
        as_json: Json = False,
    ) -> None:
        """One answer a row, in order, as the rows come in.

        Example: winnow classify new.csv --json | head
        """
        if policy not in ("served", "none"):
            raise typer.BadParameter("give `served` or `none`", param_hint="--policy")
        with progress_bar("Classifying") as show:
            for answer in classify_file(file, ref=model, uses_policy=policy != "none", progress=show):
                if as_json:
                    emit(answer)
                else:
                    confidence = answer["confidence"]
                    say(
                        f"{answer['id']}\t{answer['tag'] or 'review'}\t{confidence:.3f}\t{answer.get('error', '')}".rstrip()
                    )
