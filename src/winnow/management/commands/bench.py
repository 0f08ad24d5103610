"""`winnow bench NAME`: run one benchmark of bench/."""

import json
import subprocess
import sys
from typing import Annotated

import typer

from winnow.core.errors import NotFoundError
from winnow.home import CHECKOUT
from winnow.management.command import Json, Verb, emit

BENCH = CHECKOUT / "bench"
NOT_BENCHMARKS = ("card", "experiments", "measured", "page", "paired", "record", "screenshots", "trained")


class Command(Verb):
    """Measure."""

    needs_database = False

    def handle(
        self,
        name: Annotated[str, typer.Argument(help="The question: the name of a script in bench/.")],
        as_json: Json = False,
    ) -> None:
        """Run a benchmark; its figures are printed, and kept with command, tree, machine and samples in bench/results/.

        Example: winnow bench alarm --json
        """
        names = sorted(path.stem for path in BENCH.glob("*.py") if path.stem not in NOT_BENCHMARKS)
        if name not in names:
            raise NotFoundError(f"there is no benchmark {name!r}; there are {', '.join(names)}")
        done = subprocess.run(  # noqa: S603 - a script of this checkout
            [sys.executable, BENCH / f"{name}.py"], check=False, stdout=sys.stderr if as_json else None
        )
        if done.returncode == 0 and as_json:
            emit(json.loads((BENCH / "results" / f"{name}.json").read_text())["figures"])
        sys.exit(done.returncode)
