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
        data: Annotated[
            Path, typer.Option(help="A labelled row file, of which every row counts, or a frozen set such as gold-1.")
        ],
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
        frozen = scorecard["dataset"]["version"]
        named = f" (of {frozen})" if frozen and frozen != str(data) else ""
        say(f"{scorecard['model']} on {data}{named}, n = {scorecard['n']}")
        for name in ("precision", "recall", "f1", "accuracy", "ece"):
            say(_line({"ece": "calibration error"}.get(name, name), scorecard["intervals"][name]))
        say("Precision by tag:")
        for tag in scorecard["per_tag"]:
            say(_line(tag, scorecard["intervals"][f"precision of {tag}"]))
        say("Share right by kind of work:")
        for name, figures in scorecard["slices"].items():
            say(f"  {name:<32} {figures['accuracy']:.3f}  n = {figures['n']:.0f}")
        say("Behavioural tests passed:")
        for kind, rates in scorecard["behaviour"].items():
            say(_line(kind, rates["all"]))


def _line(name: str, figure: dict[str, float]) -> str:
    return f"  {name:<32} {figure['value']:.3f}  ({figure['low']:.3f} to {figure['high']:.3f}, n = {figure['n']:.0f})"
