"""Work for later: ask for it, claim it under a lease, finish it while the claim holds.

A claim raises the job's fencing token in one statement. Finishing checks the token in the same transaction as the
effect, so a worker that was frozen past its lease commits nothing.
"""

import contextlib
import random
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from winnow.core.errors import ConflictError, WinnowError
from winnow.core.text import clean
from winnow.models import Job

LEASE = timedelta(seconds=12)
HEARTBEAT_SECONDS = 4.0
MAX_ATTEMPTS = 5
MAX_ERROR, MAX_HOLDER = 500, 100
MAX_BACKOFF_SECONDS = 3600.0
# What asks for itself by schedule comes back by itself so long after it was parked.
PARKED_FOR = timedelta(hours=1)
# A worker of a newer version may be about to start that knows the kind.
UNKNOWN_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a kind of work is tried before it is parked; the pauses double from twice `seconds` up to an hour."""

    attempts: int = MAX_ATTEMPTS
    seconds: float = 1.0


# Who is sent something may be away for a night: all attempts together last about ten hours.
PATIENCE = {"send": Patience(attempts=18, seconds=8.0)}


class PutOffError(WinnowError):
    """The work cannot be done before `until`; that it was looked at counts as no attempt."""

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


def enqueue(kind: str, key: str, *, payload: dict[str, Any] | None = None, run_at: datetime | None = None) -> bool:
    """Ask for work, in the caller's transaction. False where the same work is asked for already."""
    try:
        with transaction.atomic():
            Job.objects.create(kind=kind, key=key, payload=payload or {}, run_at=run_at or timezone.now())
    except IntegrityError:
        return False
    return True


def claim_job(*, holder: str, kinds: list[str]) -> Job | None:
    """Take the job that has been due longest, or one whose holder's lease ran out; None where nothing is due."""
    now = timezone.now()
    with transaction.atomic():
        job = _due(now, kinds).select_for_update(skip_locked=_can_skip_locked()).order_by("run_at", "id").first()
        if job is None:
            return None
        Job.objects.filter(pk=job.pk).update(
            token=F("token") + 1, holder=holder[:MAX_HOLDER], lease_until=now + LEASE, n_attempts=F("n_attempts") + 1
        )
    job.refresh_from_db()
    return job


@contextlib.contextmanager
def finishing(job: Job) -> Iterator[None]:
    """A transaction whose effects count only while the claim still holds. Raises ConflictError where it does not."""
    with transaction.atomic():
        yield
        if not _held(job).update(done_at=timezone.now(), lease_until=None, error=""):
            raise ConflictError(f"job {job.pk} was taken over by another worker")


def fail_job(job: Job, error: str) -> bool:
    """Try again later with growing, jittered pauses; park what failed too often, with its reason, and say so."""
    error = clean(error, MAX_ERROR)
    now, patience = timezone.now(), PATIENCE.get(job.kind, Patience())
    if job.n_attempts >= patience.attempts:
        return bool(_held(job).update(parked_at=now, lease_until=None, error=error))
    wait = min(MAX_BACKOFF_SECONDS, patience.seconds * 2.0**job.n_attempts)
    wait *= random.uniform(0.5, 1.5)  # noqa: S311 - jitter, no secret
    _held(job).update(run_at=now + timedelta(seconds=wait), lease_until=None, holder="", error=error)
    return False


def is_worn_out(job: Job) -> bool:
    """Whether it was claimed as often as it may be and nobody lived to say how it went: it kills whoever takes it."""
    return job.n_attempts > PATIENCE.get(job.kind, Patience()).attempts


def put_off(job: Job, error: PutOffError) -> None:
    """Let the job be due at a later time, as if nobody had claimed it."""
    waits = {"run_at": error.until, "lease_until": None, "holder": "", "error": clean(str(error), MAX_ERROR)}
    _held(job).update(**waits, n_attempts=F("n_attempts") - 1)


def let_go(job: Job) -> None:
    """Give the job back unfinished, for the next worker to take at once; what it did by itself is not undone."""
    _held(job).update(lease_until=None, holder="", n_attempts=F("n_attempts") - 1)


def park_unknown(kinds: list[str]) -> int:
    """Park what has been due for long and no worker of this version knows; returns how many."""
    now = timezone.now()
    unknown = Job.objects.filter(done_at=None, parked_at=None, lease_until=None, run_at__lte=now - UNKNOWN_FOR)
    return unknown.exclude(kind__in=kinds).update(parked_at=now, error="this version knows no work of that kind")


def retry_parked(kinds: Collection[str] | None = None, *, after: timedelta = timedelta(0)) -> int:
    """Let what has been parked for so long be tried anew, as if nobody had tried it; returns how many. Its error stands."""
    now = timezone.now()
    parked = parked_jobs().filter(parked_at__lte=now - after)
    if kinds is not None:
        parked = parked.filter(kind__in=kinds)
    # The worker asks all the time, and nobody else can write while it changes rows.
    return parked.update(parked_at=None, n_attempts=0, run_at=now, holder="") if parked.exists() else 0


def parked_jobs() -> QuerySet[Job]:
    """What failed too often, the last first."""
    return Job.objects.filter(done_at=None, parked_at__isnull=False).order_by("-parked_at", "-pk")


@contextlib.contextmanager
def heartbeat(job: Job) -> Iterator[None]:
    """Keep the lease alive while the work lasts."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(HEARTBEAT_SECONDS):
                _beat(job)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(job: Job) -> None:
    try:
        _held(job).update(lease_until=timezone.now() + LEASE)
    except DatabaseError:
        # Away for a moment; the next beat asks anew, on a new connection. Too late is harmless: the token tells.
        connection.close()


def _due(now: datetime, kinds: list[str]) -> QuerySet[Job]:
    # No lease reaches so far by this clock: it was set before the clock was put back, and its holder, if alive, sets it anew.
    is_free = Q(lease_until=None) | Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * LEASE)
    return Job.objects.filter(is_free, kind__in=kinds, done_at=None, parked_at=None, run_at__lte=now)


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, token=job.token, done_at=None)


def _can_skip_locked() -> bool:
    """PostgreSQL passes over rows that another worker is taking; SQLite has one writer at a time anyway."""
    return connection.features.has_select_for_update_skip_locked
