"""`winnow work`: the worker, which reads due sources and does what waits."""

from typing import Annotated

import typer

from winnow.management.command import Verb, say
from winnow.services.jobs import retry_parked
from winnow.services.running import at_work
from winnow.worker.loop import run_worker


class Command(Verb):
    """Work."""

    def handle(
        self,
        once: Annotated[bool, typer.Option("--once", help="Stop when nothing is due.")] = False,
        retry: Annotated[
            bool, typer.Option("--retry-parked", help="Only let all jobs that failed too often be tried anew.")
        ] = False,
    ) -> None:
        """Read due sources, finish what was interrupted, explain decisions. Several may run beside each other.

        Example: winnow work
        """
        if retry:
            say(f"{retry_parked()} parked jobs are tried anew.")
            return
        with at_work():
            n_done = run_worker(once=once)
        say(f"{n_done} jobs done.")
