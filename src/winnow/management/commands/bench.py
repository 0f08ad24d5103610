"""`winnow bench NAME`: run one benchmark of bench/."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from winnow.core.errors import NotFoundError
from winnow.home import CHECKOUT
from winnow.management.command import Json, Verb, emit

BENCH = CHECKOUT / "bench"


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
        names = sorted(path.stem for path in BENCH.glob("*.py") if _measures(path))
        if name not in names:
            raise NotFoundError(f"there is no benchmark {name!r}; there are {', '.join(names)}")
        done = subprocess.run(  # noqa: S603 - a script of this checkout
            [sys.executable, BENCH / f"{name}.py"], check=False, stdout=sys.stderr if as_json else None
        )
        if done.returncode == 0 and as_json:
            # A benchmark that runs on either database keeps a result of each.
            written = max((BENCH / "results").glob(f"{name}*.json"), key=lambda path: path.stat().st_mtime)
            emit(json.loads(written.read_text())["figures"])
        sys.exit(done.returncode)


def _measures(path: Path) -> bool:
    """Whether a file of bench/ is a script that records figures, and no part of one."""
    text = path.read_text(encoding="utf-8")
    return "record(" in text and "__main__" in text
