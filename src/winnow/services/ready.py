"""Make a home usable: database up to date, approved list in force, starter sources known."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection

from winnow.checks import check_sqlite
from winnow.core.values import Document
from winnow.home import DATA
from winnow.models import Tag
from winnow.services.classify import champion, classify_documents
from winnow.services.sources import load_starter_sources
from winnow.services.taxonomy import apply_taxonomy
from winnow.services.turns import turn_of_session
from winnow.unsafe import refuse_unsafe

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def ensure_ready() -> None:
    """Do what is missing and nothing else; cheap where all is there. Two first runs at once wait for each other.

    Raises ImproperlyConfigured where database or configuration would not be safe.
    """
    refuse_unsafe()
    set_up()


def set_up() -> None:
    """The database alone, whatever else is wrong. Raises ImproperlyConfigured where SQLite could corrupt it."""
    for fault in check_sqlite():
        raise ImproperlyConfigured(f"{fault.msg} {fault.hint}")
    found = _last_applied()
    if found > _newest():
        raise ImproperlyConfigured(
            f"The database was made by a newer version of Winnow ({found}); this one knows {_newest()} at most. "
            "Install that version, or restore a backup that this one made."
        )
    if found == _newest() and Tag.objects.filter(is_approved=True).exists():
        return
    with _alone():
        if not _is_current():
            call_command("migrate", verbosity=0, interactive=False)
        if not Tag.objects.filter(is_approved=True).exists():
            load_starter_sources(DATA / "sources.toml")
            # Last, because it is what says that all is there: a run that dies before it is made good by the next.
            apply_taxonomy(settings.TAXONOMY)


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else sets up this home meanwhile, nor, from another machine, the database on a server."""
    with (settings.HOME / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with turn_of_session("set up"):
            yield


def is_ready() -> bool:
    """Whether the database answers and has what this version needs: what a load balancer asks.

    A newer version may have brought it further already: this one serves on until its turn comes, or nobody would.
    """
    return _last_applied() >= _newest()


def warm() -> threading.Thread:
    """Load model and encoder in the background, so that the first call does not wait for them."""
    thread = threading.Thread(target=_load, name="warm", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    try:
        classify_documents([Document("A text to wake the encoder with")], model=champion())
    finally:
        connection.close()


def _is_current() -> bool:
    """Whether the newest migration of this release is the last that was applied."""
    return _last_applied() == _newest()


def _newest() -> str:
    return max(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


def _last_applied() -> str:
    """The last migration that the database has, by one small query; empty where it has none or does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(name) FROM django_migrations WHERE app = 'winnow'")
            return cursor.fetchone()[0] or ""
    except DatabaseError:
        return ""
