"""`winnow certify REF --data FILE`: thresholds with proof."""

from pathlib import Path
from typing import Annotated, Any

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.services.certify import certify_file


class Command(Verb):
    """Certify."""

    def handle(
        self,
        model: Annotated[str, typer.Argument(help="A name such as v5-1, a role, or a model folder.")],
        data: Annotated[Path, typer.Option(help="Labelled rows of the stream that the model never learnt from.")],
        target: Annotated[float, typer.Option(help="The precision to prove.")] = 0.90,
        delta: Annotated[float, typer.Option(help="The risk that the proof is wrong.")] = 0.10,
        scope: Annotated[str, typer.Option(help="`per-tag` or `overall`.")] = "per-tag",
        as_json: Json = False,
    ) -> None:
        """The lowest threshold at which the precision is proved, overall and for each tag.

        Nothing certified is an answer too: it says how many labels are missing at the least.

        Example: winnow certify champion --data audited.csv --target 0.95 --delta 0.05
        """
        if scope not in ("per-tag", "overall"):
            raise typer.BadParameter("give `per-tag` or `overall`", param_hint="--scope")
        with progress_bar("Reading") as show:
            proof: dict[str, Any] = certify_file(
                model, data, target=target, delta=delta, per_tag=scope == "per-tag", progress=show
            )
        if as_json:
            emit(proof)
            return
        say(f"{proof['model']} on {data}: precision {target} at risk {delta}")
        for name, certificate in {"overall": proof["overall"], **proof["per_tag"]}.items():
            say(f"  {name:<30} {_in_words(certificate)}")


def _in_words(certificate: dict[str, Any]) -> str:
    if certificate["threshold"] is None:
        return f"not enough evidence: at least {certificate['missing']} labels more"
    return (
        f"from confidence {certificate['threshold']:.3f}: {certificate['k']} wrong of {certificate['n']}, "
        f"precision at least {certificate['bound']:.3f}, {certificate['coverage']:.0%} kept"
    )
