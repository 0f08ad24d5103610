"""The database: how it is reached, where it lies, and what it keeps."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from winnow.core.disks import NETWORK_FILES, kind_of_disk
from winnow.core.hosts import is_here, is_own
from winnow.unsafe.refusals import GROUP_OR_OTHERS_WRITE, refuses

GUESSED_FIRST = frozenset({"", "admin", "changeme", "change-me", "password", "postgres", "root", "secret", "winnow"})


@refuses("E017", "DATABASE_URL", "add ?sslmode=verify-full, or reach the server through a network of your own")
def _database_in_the_clear() -> Iterator[str]:
    host = _entry().get("HOST", "")
    mode = _entry()["OPTIONS"].get("sslmode", "")
    if host and not host.startswith("/") and not is_own(host) and mode not in ("require", "verify-ca", "verify-full"):
        yield f"{host} would be spoken to without TLS"


@refuses("E018", "DATABASE_URL", "leave that option out")
def _database_forgets() -> Iterator[str]:
    options = str(_entry()["OPTIONS"].get("options", ""))
    if found := re.search(r"synchronous_commit\s*=\s*(off|false|no|0)\b", options):
        yield f"with {found[0]} what was acknowledged may be lost"


@refuses("E019", "DATABASE_URL", "keep it on a disk of this machine, or use PostgreSQL")
def _database_on_a_network() -> Iterator[str]:
    if (file := _embedded()) and (kind := kind_of_disk(file, _mounts())) in NETWORK_FILES:
        yield f"{file} lies on {kind}, where two processes corrupt an embedded database"


@refuses("E020", "DATABASE_URL", "take the right away: chmod go-w")
def _database_is_open() -> Iterator[str]:
    file = _embedded()
    for path in (file, file.parent) if file else ():
        # A folder in which each may remove only what is theirs is none where ours can be replaced.
        is_sticky = path.is_dir() and path.stat().st_mode & stat.S_ISVTX
        if path.exists() and path.stat().st_mode & GROUP_OR_OTHERS_WRITE and not is_sticky:
            yield f"others on this machine may write {path}"


@refuses("E021", "DATABASE_URL", "make the folder, or correct the address")
def _database_has_no_folder() -> Iterator[str]:
    if (file := _embedded()) and not file.parent.is_dir():
        yield f"there is no folder {file.parent}"


@refuses("E032", "DATABASE_URL", "give the account of the database a password that nobody guesses")
def _database_password() -> Iterator[str]:
    entry = _entry()
    host, password = entry.get("HOST", ""), entry.get("PASSWORD", "")
    if password and host and not host.startswith("/") and not is_here(host) and password in GUESSED_FIRST:
        yield f"the password for {host} is among the first that are tried"


def _mounts() -> str:
    file = Path("/proc/mounts")
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


def _entry() -> dict[str, Any]:
    """What Django is told of the database."""
    return dict(settings.DATABASES["default"])


def _embedded() -> Path | None:
    entry = _entry()
    return Path(entry["NAME"]) if entry["ENGINE"].endswith("sqlite3") else None
