"""`winnow simulate`: replay a labelled stream through the loop of asking, learning, certifying and publishing."""

from pathlib import Path
from typing import Annotated, Any

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.services.simulate import simulate_stream


class Command(Verb):
    """Simulate."""

    def handle(
        self,
        seed_data: Annotated[Path, typer.Option(help="Labelled rows to begin with.")],
        stream: Annotated[
            Path, typer.Option(help="Labelled rows of a stream; a tag is read only when it is asked for.")
        ],
        labels: Annotated[int, typer.Option(help="How many labels people will give.")],
        target: Annotated[float, typer.Option(help="The precision to prove.")] = 0.90,
        delta: Annotated[float, typer.Option(help="The risk that the proof is wrong.")] = 0.10,
        seed: Annotated[int, typer.Option(help="Draws the audits.")] = 0,
        as_json: Json = False,
    ) -> None:
        """What would be published by itself, and how much of it would be right.

        Example: winnow simulate --seed-data gold.csv --stream labelled-stream.csv --labels 200
        """
        with progress_bar("Reading") as show:
            rows = simulate_stream(
                seed_data, stream, n_labels=labels, target=target, delta=delta, seed=seed, progress=show
            )
            for row in rows:
                if as_json:
                    emit(row)
                else:
                    say(_line(row))


def _line(row: dict[str, Any]) -> str:
    if "total" not in row:
        return f"{row['labels_used']:>5} labels  {row['step']:<8} {row['words']}"
    total = row["total"]
    precision = total["published_precision"]
    right = "nothing published" if precision is None else f"precision {precision:.3f}"
    return f"{total['published']} published by itself ({total['coverage']:.0%} of the rest), {right}, {total['alarms']} alarms"
