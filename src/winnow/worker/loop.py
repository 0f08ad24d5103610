"""Claim due work and run the service for it, until asked to stop."""

import logging
import os
import platform
import secrets
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from winnow.core.errors import ConflictError, FetchError
from winnow.models import Job
from winnow.queries.sources import due_sources
from winnow.services import (
    audit_withheld,
    away,
    backup,
    deliver,
    digest,
    drift,
    drift_alarm,
    experiments,
    hide_gold,
    index,
    learn,
    look_up,
    mail_answers,
    mirror,
    outbox,
    rejudge,
    renew,
    rollout,
    upkeep,
)
from winnow.services.classify import classify_admitted
from winnow.services.explain import explain_item
from winnow.services.gather import gather_source
from winnow.services.jobs import (
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
)
from winnow.services.rekey import rekey_items
from winnow.services.resolve import resolve_item

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
        for kind, key in _due(timezone.now()):
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


def _due(now: datetime) -> Iterator[tuple[str, str]]:
    """What is to be done by now, as kind and key of a job; asking twice is asking once."""
    yield from (("gather", source.name) for source in due_sources(now))
    yield from ((digest.KIND, str(pk)) for pk in digest.due_digests(now))
    yield from ((mail_answers.KIND, str(pk)) for pk in mail_answers.due_answers(now))
    yield from ((kind, "") for kind, is_due in SCHEDULED.items() if is_due())


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


def _gather(key: str) -> None:
    source = due_sources(timezone.now()).filter(name=key).first()
    if source is not None:
        gather_source(source)


def _explain(key: str) -> None:
    explain_item(int(key))


def _resolve(key: str) -> None:
    resolve_item(int(key))


def _look_up(key: str) -> None:
    look_up.look_up(key)


def _digest(key: str) -> None:
    digest.write_digest(int(key), timezone.now())


def _answers(key: str) -> None:
    mail_answers.write_answers(int(key), timezone.now())


def _send(key: str) -> None:
    deliver.deliver(int(key))


def _give_up(key: str) -> None:
    deliver.give_up(int(key))


def _audit_withheld(_key: str) -> None:
    audit_withheld.draw_withheld(n=settings.AUDIT_WITHHELD, seed=secrets.randbits(32))


def _backup(_key: str) -> None:
    backup.back_up_beside()


def _learn(_key: str) -> None:
    learn.learn_from_answers(seed=secrets.randbits(32))


def _drift(_key: str) -> None:
    drift.watch_works(seed=secrets.randbits(32))


def _renew(_key: str) -> None:
    renew.take_step()


def _rollout(_key: str) -> None:
    rollout.look_at_trials()


def _experiments(_key: str) -> None:
    experiments.look_at_experiments()


def _mirror(_key: str) -> None:
    mirror.mirror_registry(settings.MLFLOW_URI)


def _rejudge(_key: str) -> None:
    rejudge.rejudge_labels(seed=secrets.randbits(32))


def _hide_gold(_key: str) -> None:
    hide_gold.hide_gold(seed=secrets.randbits(32))


HANDLERS: dict[str, Callable[[str], None]] = {
    "gather": _gather,
    "explain": _explain,
    "resolve": _resolve,
    look_up.KIND: _look_up,
    "audit_withheld": _audit_withheld,
    backup.KIND: _backup,
    learn.KIND: _learn,
    drift_alarm.KIND: _drift,
    renew.KIND: _renew,
    rollout.KIND: _rollout,
    experiments.KIND: _experiments,
    mirror.KIND: _mirror,
    "rejudge": _rejudge,
    hide_gold.KIND: _hide_gold,
    digest.KIND: _digest,
    mail_answers.KIND: _answers,
    outbox.KIND: _send,
}
# What has a time of its own, one job of a kind at once.
SCHEDULED: dict[str, Callable[[], bool]] = {
    "audit_withheld": audit_withheld.is_due,
    backup.KIND: backup.is_due,
    learn.KIND: learn.is_due,
    hide_gold.KIND: hide_gold.is_due,
    drift_alarm.KIND: drift.is_due,
    renew.KIND: renew.has_step,
    rollout.KIND: rollout.is_due,
    experiments.KIND: experiments.is_due,
    mirror.KIND: mirror.is_due,
    "rejudge": rejudge.is_due,
}
# What else is to be done where a job failed too often.
PARKED: dict[str, Callable[[str], None]] = {outbox.KIND: _give_up}
