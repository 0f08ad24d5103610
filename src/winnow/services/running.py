"""Who works on this home: servers and workers hold a lock together, whoever exchanges the database wants it alone."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from winnow.core.errors import ConflictError

LOCK = "running.lock"


@contextmanager
def at_work() -> Iterator[None]:
    """A server or worker, as long as it runs; killed, it lets go."""
    with (settings.HOME / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def stay() -> None:
    """The same for a process that serves until it ends."""
    lock = os.open(settings.HOME / LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_SH)


@contextmanager
def nobody_at_work() -> Iterator[None]:
    """Nobody works on this home meanwhile. Raises ConflictError where somebody does."""
    with (settings.HOME / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConflictError("the site or its worker is running: stop both, then try again") from None
        yield
