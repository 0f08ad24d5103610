"""Examine an installation from end to end: what is well, what is not, and how to mend it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from winnow.core.errors import WinnowError
from winnow.core.values import Document
from winnow.egress.addresses import Allowance
from winnow.models import Message, Source
from winnow.queries.metrics import database_log_bytes
from winnow.services.deploy import serving, version_of
from winnow.services.encode import encode, encoder
from winnow.services.jobs import parked_jobs
from winnow.services.mirror import client_of, trouble
from winnow.services.network import relay
from winnow.services.ready import set_up
from winnow.services.sources import missing_credentials

RESTORE = "stop the site and run `winnow restore FOLDER --replace` with the newest backup"
RETRY = "mend the cause, then run `winnow work --retry-parked`"
# So many parked jobs are named, the last first.
MOST_PARKED = 10
LEAST_FREE_BYTES = 500 * 2**20
# Emptied again and again, the log of the embedded database stays below 64 MiB (see settings.py).
MOST_LOG_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` is empty where it is well."""

    subject: str
    is_well: bool
    found: str
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """Look at everything in turn; a part that breaks is a finding, not the end."""
    for subject, look in _LOOKS.items():
        try:
            yield from look(subject)
        except DatabaseError as error:
            found = f"the database says: {' '.join(str(error).split())}"
            yield Finding(subject, is_well=False, found=found, remedy=_REMEDIES[connection.vendor])
        except (WinnowError, ImproperlyConfigured, OSError, ValueError) as error:
            yield Finding(subject, is_well=False, found=str(error), remedy="see the message")


def _configuration(subject: str) -> Iterator[Finding]:
    messages = run_checks(include_deployment_checks=False)
    for message in messages:
        yield Finding(subject, is_well=False, found=message.msg, remedy=message.hint or "see the message")
    if not messages:
        yield Finding(subject, is_well=True, found="nothing to say")


def _database(subject: str) -> Iterator[Finding]:
    set_up()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            yield Finding(subject, is_well=True, found=f"PostgreSQL {cursor.fetchone()[0]} answers")
            return
        cursor.execute("PRAGMA quick_check(1)")
        answer = cursor.fetchone()[0]
    yield Finding(subject, answer == "ok", f"SQLite says {answer}", "" if answer == "ok" else RESTORE)
    if (n_bytes := database_log_bytes()) > MOST_LOG_BYTES:
        found = f"its log beside it has grown to {n_bytes // 2**20:,} MiB: somebody has been reading for very long"
        yield Finding(subject, is_well=False, found=found, remedy="end what reads (an old copy of a program, a shell)")


def _disk(subject: str) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.HOME).free
    is_enough = free > LEAST_FREE_BYTES
    remedy = "" if is_enough else f"make room on the disk that holds {settings.HOME}"
    yield Finding(subject, is_enough, f"{free // 2**20:,} MiB free", remedy)
    yield from _owners(subject)


def _owners(subject: str) -> Iterator[Finding]:
    """What a command left behind that was run by another user, root say; the service cannot write it."""
    owner = settings.HOME.stat()
    strange = [path for path in sorted(settings.HOME.glob("**/*")) if path.lstat().st_uid != owner.st_uid]
    if strange:
        found = f"{len(strange)} files are not of the owner of the home, such as {strange[0]}"
        remedy = f"chown -R {owner.st_uid}:{owner.st_gid} {settings.HOME}"
        yield Finding(subject, is_well=False, found=found, remedy=remedy)


def _encoder(subject: str) -> Iterator[Finding]:
    vector = encode([Document("A text to try the encoder with")])[0]
    yield Finding(subject, is_well=True, found=f"{settings.ENCODER} gives vectors of {len(vector)} numbers")


def _model(subject: str) -> Iterator[Finding]:
    champion = serving("champion")
    if champion is None:
        yield Finding(
            subject,
            is_well=False,
            found="none serves: everything waits for people",
            remedy="`winnow train best`, then `winnow promote NAME --as champion`; docs/how-to/install.md says from what",
        )
    elif champion.ref != (meant := version_of("champion")).ref:
        yield Finding(
            subject,
            is_well=False,
            found=f"{meant.ref} cannot be loaded, and {champion.ref} serves in its place",
            remedy=f"bring its folder {meant.folder} back from a backup, or train anew",
        )
    else:
        if champion.needs_encoder:
            champion.loaded.check_encoder(encoder())
        yield Finding(subject, is_well=True, found=f"{champion.ref} serves, every file of it as its manifest says")


def _sources(subject: str) -> Iterator[Finding]:
    needs = [(source, missing_credentials(source)) for source in Source.objects.filter(is_active=True)]
    lacking = [(source, lacks) for source, lacks in needs if lacks]
    for source, lacks in lacking:
        remedy = f"set them, or `winnow sources off {source.name}`"
        yield Finding(subject, is_well=False, found=f"{source.name}: {lacks}", remedy=remedy)
    failing = Source.objects.filter(is_active=True, n_failures__gt=0).exclude(error_code="no_credentials")
    for source in failing:
        found = f"{source.name} failed {source.n_failures} times: {source.error_message}"
        yield Finding(
            subject, is_well=False, found=found, remedy=f"correct its address, or `winnow sources off {source.name}`"
        )
    if not failing and not lacking:
        yield Finding(
            subject, is_well=True, found=f"{Source.objects.filter(is_active=True).count()} in use, none failing"
        )


def _jobs(subject: str) -> Iterator[Finding]:
    n_parked = parked_jobs().count()
    for job in parked_jobs()[:MOST_PARKED]:
        found = f"{' '.join(filter(None, (job.kind, job.key)))} is parked: {job.error or 'nobody said why'}"
        yield Finding(subject, is_well=False, found=found, remedy=RETRY)
    if n_parked > MOST_PARKED:
        yield Finding(subject, is_well=False, found=f"{n_parked - MOST_PARKED} more are parked", remedy=RETRY)
    if n_parked == 0:
        yield Finding(subject, is_well=True, found="none is parked")


def _network(subject: str) -> Iterator[Finding]:
    opened = Allowance.parse(settings.EGRESS_ALLOW).describe()
    found = f"WINNOW_EGRESS_ALLOW opens {', '.join(opened)}" if opened else "public addresses on ports 80 and 443 alone"
    if settings.BASE_URL.startswith("https://") and not settings.TRUSTED_PROXIES:
        found = "whoever ends TLS before the site stands for every reader, so that none can be told from a flood"
        yield Finding(subject, is_well=False, found=found, remedy="set WINNOW_TRUSTED_PROXIES=1")
        return
    yield Finding(subject, is_well=True, found=found)


def _mail(subject: str) -> Iterator[Finding]:
    told = relay()
    where = f"into {told.folder}, and to nobody" if told.folder else f"through {told.host}:{told.port} ({told.tls})"
    if not told.is_set and settings.ALERT_MAIL:
        found = f"{', '.join(settings.ALERT_MAIL)} cannot be told of alerts: there is no relay"
        yield Finding(subject, is_well=False, found=found, remedy="set WINNOW_MAIL_HOST")
        return
    if not told.is_set:
        yield Finding(subject, is_well=True, found="none is sent: WINNOW_MAIL_HOST names no relay")
        return
    alerts = f"alerts go to {', '.join(settings.ALERT_MAIL) or 'nobody (WINNOW_ALERT_MAIL)'}"
    n_given_up = Message.objects.filter(kind=Message.Kind.MAIL, gave_up_at__isnull=False).count()
    found = f"goes {where}; {alerts}; {n_given_up} given up in the last month"
    yield Finding(subject, is_well=True, found=found)


def _mirror(subject: str) -> Iterator[Finding]:
    if not settings.MLFLOW_URI:
        yield Finding(subject, is_well=True, found="the registry is copied nowhere: WINNOW_MLFLOW_URI names no place")
        return
    client_of(settings.MLFLOW_URI)
    if why := trouble():
        remedy = "see that MLflow answers at WINNOW_MLFLOW_URI; it is asked again each hour"
        yield Finding(subject, is_well=False, found=f"the registry could not be copied: {why}", remedy=remedy)
        return
    yield Finding(subject, is_well=True, found="the registry is copied to MLflow each hour")


_REMEDIES = {"sqlite": RESTORE, "postgresql": "see that DATABASE_URL is right and its server runs"}
_LOOKS: dict[str, Callable[[str], Iterator[Finding]]] = {
    "configuration": _configuration,
    "database": _database,
    "disk": _disk,
    "network": _network,
    "encoder": _encoder,
    "model": _model,
    "sources": _sources,
    "jobs": _jobs,
    "mail": _mail,
    "mirror": _mirror,
}
