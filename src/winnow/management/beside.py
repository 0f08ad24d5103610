"""The worker that runs beside a server, in the care of a process that starts it again whenever it dies.

No thread of the server does that: a process that has threads must not be copied, and when a thread ends the kernel ends
what it has begun.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context

PR_SET_PDEATHSIG = 1  # of linux/prctl.h
# The pause before the worker is started again; it doubles while each dies within the longest of them.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
# How often is looked whether the worker lives and the server goes on.
LOOK_SECONDS = 0.2
log = logging.getLogger(__name__)


def die_with(parent: int) -> None:
    """An orphan would keep the port, and answer in the place of the next server. Nobody tells one that is an orphan already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker beside this process; at the end it is told to end, and waited for."""
    keeper = get_context("fork").Process(target=_keep, args=(os.getpid(),), name="keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        keeper.terminate()
        keeper.join()


def pause_after(pause: float, lived: float) -> float:
    """The pause before the next start, after the last one and a worker that lived for so many seconds.

    >>> [pause_after(pause, lived=1.0) for pause in (0.0, 4.0, 60.0)], pause_after(60.0, lived=3600.0)
    ([1.0, 8.0, 60.0], 1.0)
    """
    return FIRST_PAUSE if lived > LONGEST_PAUSE else min(LONGEST_PAUSE, max(FIRST_PAUSE, 2 * pause))


def _keep(server: int) -> None:
    """Run a worker, and another whenever one has ended, until told to end."""
    is_told = _heed_signals()
    die_with(server)
    pause = 0.0
    while not is_told():
        began = time.monotonic()
        ended = _work(is_told)
        if is_told():
            return
        pause = pause_after(pause, time.monotonic() - began)
        log.error("the worker %s; another begins in %.0f seconds", ended, pause)
        _rest(pause, is_told)


def _heed_signals() -> Callable[[], bool]:
    """Whether this process was told to end: a signal only leaves a note, so that it may come at any moment."""
    told: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _: told.append(number))
    return lambda: bool(told)


def _work(is_told: Callable[[], bool]) -> str:
    """Run one worker until it ends, or tell it to end as well; returns how it ended."""
    command = [sys.executable, "-m", "winnow", "work"]
    try:
        worker = subprocess.Popen(command, preexec_fn=partial(die_with, os.getpid()))  # noqa: PLW1509, S603 - no thread runs here; our own command
    except (OSError, subprocess.SubprocessError) as error:
        return f"could not be started ({error})"
    while worker.poll() is None:
        if is_told():
            worker.terminate()
            worker.wait()
        else:
            time.sleep(LOOK_SECONDS)
    status = worker.returncode
    return f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"


def _rest(seconds: float, is_told: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not is_told():
        time.sleep(LOOK_SECONDS)
