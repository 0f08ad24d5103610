"""What all commands share: readiness of the home, errors as one line, results as text or JSON."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, ClassVar

import typer
from django_typer.management import TyperCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from winnow.services.ready import ensure_ready

Json = Annotated[bool, typer.Option("--json", help="Print JSON: one value, or one object a line.")]


class Verb(TyperCommand):
    """A command of winnow: without Django's own options, and with a home that is ready."""

    suppressed_base_arguments = {
        "version", "settings", "pythonpath", "traceback", "show_locals", "no_color", "force_color", "skip_checks", "verbosity",
    }  # fmt: skip
    requires_system_checks = []
    needs_database: ClassVar[bool] = True

    def execute(self, *args: Any, **options: Any) -> Any:
        """Make the home ready, then run."""
        if self.needs_database:
            ensure_ready()
        return super().execute(*args, **options)  # type: ignore[no-untyped-call]  # django-typer leaves it untyped


def emit(value: object) -> None:
    """One JSON value on one line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def say(text: str = "") -> None:
    """One line for people."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that `show(done, total)` moves; total 0 is unknown. Silent where nobody watches."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(label, total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total or None)

        yield show
