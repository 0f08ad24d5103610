"""Claim due work and run the service for it, until asked to stop."""

import logging
import os
import platform
import signal
import threading

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from winnow.core.errors import ConflictError, FetchError
from winnow.models import Job
from winnow.services import away, index, upkeep
from winnow.services.classify import classify_admitted
from winnow.services.jobs import (
    PARKED_FOR,
    PutOffError,
    claim_job,
    enqueue,
    fail_job,
    finishing,
    heartbeat,
    is_worn_out,
    let_go,
    park_unknown,
    put_off,
    retry_parked,
)
from winnow.services.rekey import rekey_items
from winnow.worker.handlers import HANDLERS, PARKED
from winnow.worker.schedule import RECURRING, SCHEDULED, due

PAUSE_SECONDS = 2.0
# Who stops a service (systemd, a container engine) kills what has not ended after 30 seconds or so.
DRAIN_SECONDS = 20.0
log = logging.getLogger(__name__)


class _Stopped(BaseException):
    """The time to finish is over. No error: nothing that a job catches may catch it."""


def run_worker(*, once: bool = False) -> int:
    """Work until SIGTERM or SIGINT, or, with `once`, until nothing is due; returns the number of jobs done.

    A job that is under way then has `DRAIN_SECONDS` to end, or is given back.
    """
    stop = threading.Event()
    if not once:
        _heed_signals(stop)
    n_done = 0
    try:
        while not stop.is_set():
            n_new = _round()
            n_done += n_new
            if n_new == 0:
                if once:
                    break
                stop.wait(PAUSE_SECONDS)
    except _Stopped:
        log.warning("stopped in the middle of a job, which the next worker takes")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return n_done


def _heed_signals(stop: threading.Event) -> None:
    def end(*_: object) -> None:
        stop.set()
        signal.setitimer(signal.ITIMER_REAL, DRAIN_SECONDS)

    def give_up(*_: object) -> None:
        raise _Stopped

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    signal.signal(signal.SIGALRM, give_up)
    # Sent where logs are rotated or a terminal closes; there is no file to open anew, and nothing to end for.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _round() -> int:
    """Finish what was left behind, ask for what is due, run one job."""
    close_old_connections()
    try:
        away.probe_if_due()
        classify_admitted()
        rekey_items()
        index.catch_up()
        retry_parked(RECURRING, after=PARKED_FOR)
        for kind, key in due(timezone.now()):
            enqueue(kind, key)
        job = claim_job(holder=f"{platform.node()}:{os.getpid()}", kinds=list(HANDLERS))
        if job is None:
            park_unknown(list(HANDLERS))
            upkeep.tidy()
            return 0
        _run(job)
    except DatabaseError:
        # The database is away or locked for long: the work is still there when it returns.
        log.exception("the database did not answer")
        return 0
    return 1


def _run(job: Job) -> None:
    if is_worn_out(job):
        _failed(job, "whoever took it died before the end, each time")
        return
    try:
        with heartbeat(job):
            # Another worker may have done it between the question whether it is due and this job.
            if SCHEDULED.get(job.kind, _always)():
                HANDLERS[job.kind](job.key)
        with finishing(job):
            pass
    except _Stopped:
        let_go(job)
        raise
    except ConflictError as error:
        log.warning("%s", error)
    except PutOffError as error:
        put_off(job, error)
    except Exception as error:
        # Whatever a job does wrong, it is tried again, then parked with its reason; the others go on.
        # A place that does not answer is no fault of ours, and says in its one line all that there is to say.
        log.warning("job %s (%s) failed: %s", job.pk, job.kind, error, exc_info=not isinstance(error, FetchError))
        _failed(job, f"{type(error).__name__}: {error}")


def _failed(job: Job, error: str) -> None:
    if fail_job(job, error) and job.kind in PARKED:
        PARKED[job.kind](job.key)


def _always() -> bool:
    return True
