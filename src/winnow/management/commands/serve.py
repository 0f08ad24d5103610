"""`winnow serve`: the web server."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Annotated

import typer
from granian import Granian
from granian.constants import Interfaces

from winnow.core.errors import InputError
from winnow.management.command import Verb, say

THREADS = 4


class Command(Verb):
    """Serve."""

    def handle(
        self,
        port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 8000,
        host: Annotated[
            str, typer.Option(help="The address to listen on; others than loopback are open to your network.")
        ] = "127.0.0.1",
        with_worker: Annotated[bool, typer.Option("--with-worker", help="Run the worker beside it.")] = False,
    ) -> None:
        """Serve the site and the API until interrupted.

        Example: winnow serve --port 8080 --with-worker
        """
        _require_free(host, port)
        say(f"Serving at http://{host}:{port} (stop with Ctrl-C)")
        with _worker() if with_worker else nullcontext():
            Granian(
                "winnow.wsgi:application",
                address=host,
                port=port,
                interface=Interfaces.WSGI,
                workers=1,
                blocking_threads=THREADS,
                log_access=False,
                log_enabled=False,
            ).serve()


def _require_free(host: str, port: int) -> None:
    """Say in one line that nothing can listen there; granian would print the stack of its threads."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            # As servers do, or the port of one that has just ended would count as taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise InputError(f"{host}:{port}: cannot listen there ({error.strerror}); name another --port") from error


@contextmanager
def _worker() -> Iterator[None]:
    worker = subprocess.Popen([sys.executable, "-m", "winnow", "work"])
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()
