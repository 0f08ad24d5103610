"""`winnow serve`: the web server."""

import gc
import signal
import socket
import sys
from contextlib import nullcontext
from multiprocessing import parent_process
from typing import Annotated, Any

import typer
from django.db import connections
from granian import Granian
from granian.constants import Interfaces

from winnow.core.errors import InputError
from winnow.management.beside import die_with, worker_beside
from winnow.management.command import Verb, say
from winnow.services.ready import warm
from winnow.services.shadow import shadow
from winnow.services.traffic import forget_ended

# A request that hangs, or a stop that comes before the server has begun, would otherwise be waited for without end.
STOP_SECONDS = 5
# As long a thread computes before another may go on (5 ms where nothing is said). The loop, which answers the plainest
# calls, and whoever has just left the encoder would wait so long for a thread that makes a page.
SWITCH_SECONDS = 0.001


class Command(Verb):
    """Serve."""

    def handle(
        self,
        port: Annotated[int, typer.Option(help="The port to listen on; 0 is any free one.", min=0, max=65535)] = 8000,
        host: Annotated[
            str, typer.Option(help="The address to listen on; others than loopback are open to your network.")
        ] = "127.0.0.1",
        with_worker: Annotated[
            bool, typer.Option("--with-worker", help="Run the worker beside it, and again when it dies.")
        ] = False,
    ) -> None:
        """Serve the site and the API until interrupted.

        Example: winnow serve --port 8080 --with-worker
        """
        # A shell without job control starts what it puts into the background with SIGINT ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        # Until the server begins, which takes it as the wish for new processes.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        host, port = _free_place(host, port)
        say(f"Serving at http://{f'[{host}]' if ':' in host else host}:{port} (stop with Ctrl-C)")
        # A connection of SQLite must not be carried over into the process that serves.
        connections.close_all()
        forget_ended()
        with worker_beside() if with_worker else nullcontext():
            Granian(
                "winnow.rsgi:Rsgi",
                address=host,
                port=port,
                interface=Interfaces.RSGI,
                workers=1,
                websockets=False,
                workers_kill_timeout=STOP_SECONDS,
                # One that is killed for its memory takes the requests with it that it was answering, and no others.
                respawn_failed_workers=True,
                log_access=False,
                log_enabled=False,
            ).serve(target_loader=_application, wrap_loader=False)


def _application() -> Any:
    """The site, in the process that serves it."""
    if parent := parent_process():
        die_with(parent.pid or 0)
    from winnow.rsgi import Rsgi  # noqa: PLC0415 - made in that process alone
    from winnow.wsgi import application  # noqa: PLC0415 - the same

    sys.setswitchinterval(SWITCH_SECONDS)
    warm()
    # The models stay as the pages do (see wsgi.py).
    gc.freeze()
    shadow.begin()
    return Rsgi(application)


def _free_place(host: str, port: int) -> tuple[str, int]:
    """Address and port in figures. The server itself would share a port with another, and readers meet either."""
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            found: tuple[str, int] = probe.getsockname()[:2]
            return found
    except OSError as error:
        # Behind the reason `create_server` puts the address once more, in brackets.
        reason = (error.strerror or "cannot be had").partition(" (")[0]
        raise InputError(f"{host} port {port}: {reason}; choose another with --host and --port") from error
