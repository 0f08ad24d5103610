"""`winnow evaluate REF --data FILE`: the scorecard of a model."""

from pathlib import Path
from typing import Annotated, Any

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.services.evaluate import evaluate_file


class Command(Verb):
    """Evaluate."""

    def handle(
        self,
        model: Annotated[str, typer.Argument(help="A name such as v5-1, a role, or a model folder.")],
        data: Annotated[Path, typer.Option(help="A labelled row file; every row counts.")],
        as_json: Json = False,
    ) -> None:
        """Precision first; per tag, per slice, with n and intervals.

        Example: winnow evaluate champion --data labelled.csv
        """
        with progress_bar("Reading") as show:
            scorecard: dict[str, Any] = evaluate_file(model, data, progress=show)
        if as_json:
            emit(scorecard)
            return
        say(f"{scorecard['model']} on {data}, n = {scorecard['n']}")
        for name, value in scorecard["overall"].items():
            say(f"  {name:<12} {value:.3f}")
        for tag, figures in scorecard["per_tag"].items():
            say(f"  {tag:<30} " + "  ".join(f"{k} {v:.3f}" if k != "n" else f"n {v:.0f}" for k, v in figures.items()))
