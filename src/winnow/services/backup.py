"""Backups that count: each was restored beside, and compared with what stood in the database, before it gets its name.

A backup is a folder: the database, the models, the key of this home, and a manifest with a hash of everything. It is
written under a hidden name and renamed when it is whole, so that whatever is killed leaves no half of one. Whoever holds a
backup holds all that the site holds: the folder can be read by its owner alone.
"""

import fcntl
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from winnow import __version__
from winnow.core.errors import ConflictError, InputError, WinnowError
from winnow.services import store_postgresql, store_sqlite

MANIFEST = "manifest.json"
PREFIX, PARTIAL = "winnow-", ".partial-"
KIND = "backup"
# What a home holds besides its database and locks.
MODELS, KEY = "models", "secret_key"
# What is not whole yet, and what a restore kept because it was not whole any more.
NO_MODELS = ("*.tmp", "*.restoring", "*.before-*")
# In the first, the hashes of PostgreSQL are over rows as that database sorts text; since then, by bytes.
FORMAT, SORTED_AS_THERE = 2, 1
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole backup and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def made_at(self) -> datetime:
        """The moment that it shows."""
        return datetime.fromisoformat(self.manifest["made_at"])

    def as_json(self) -> dict[str, object]:
        """The row of the command."""
        tables = self.manifest["tables"]
        return {
            "backup": str(self.folder),
            "made_at": self.manifest["made_at"],
            "database": self.manifest["database"],
            "tables": len(tables),
            "rows": sum(n for n, _ in tables.values()),
            "bytes": sum(size for size, _ in self.manifest["files"].values()),
            "verified": True,
        }


def make_backup(target: Path, *, keep: int) -> Backup:
    """Back up this home into a new folder below `target`, prove it, and let go of all but the newest `keep`.

    Raises ConflictError where another backup into that folder is under way, and InputError where the proof fails or the
    folder cannot be written; then nothing is left behind.
    """
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(target):
            for left in target.glob(f"{PARTIAL}*"):
                shutil.rmtree(left)
            made = _make(target)
            for old in backups_in(target)[keep:]:
                shutil.rmtree(old.folder)
    except OSError as error:
        raise InputError(f"{target}: {error.strerror or error}; nothing was backed up") from error
    return made


def backups_in(target: Path) -> list[Backup]:
    """The whole backups below a folder, newest first; one whose manifest cannot be read is left out and left alone."""
    found = []
    for path in target.glob(f"{PREFIX}*/{MANIFEST}"):
        try:
            found.append(read_backup(path.parent))
        except InputError as error:
            log.warning("%s", error)
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def read_backup(folder: Path) -> Backup:
    """The backup in a folder. Raises InputError where there is none, or one that this version cannot read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        found = Backup(folder, manifest)
        is_known = manifest["format"] in (SORTED_AS_THERE, FORMAT) and found.made_at.tzinfo is not None
    except FileNotFoundError:
        raise InputError(f"{folder}: no backup lies there (no {MANIFEST})") from None
    except (ValueError, KeyError, TypeError, OSError):
        is_known = False
    if not is_known:
        raise InputError(f"{folder / MANIFEST}: not the manifest of a backup that this version can read")
    return found


def check_files(backup: Backup) -> None:
    """Compare every file with the manifest. Raises InputError naming the first that is missing or another."""
    for name, (size, sha256) in backup.manifest["files"].items():
        path = backup.folder / name
        if not is_as_saved(path, size, sha256):
            raise InputError(f"{path}: missing or not as it was backed up; take another backup")


def is_as_saved(path: Path, size: int, sha256: str) -> bool:
    """Whether a file is there and what the manifest says of it."""
    return path.is_file() and path.stat().st_size == size and _sha256(path) == sha256


@contextmanager
def restored(backup: Backup, scratch: Path) -> Iterator[None]:
    """The backup's database, restored beside the one in use and compared with its manifest.

    Raises InputError where anything is another than it was.
    """
    expected = {table: (n, sha256) for table, (n, sha256) in backup.manifest["tables"].items()}
    with _copy_of(backup, scratch) as content:
        wrong = sorted(table for table in expected.keys() | content.keys() if expected.get(table) != content.get(table))
        if wrong:
            raise InputError(f"{backup.folder}: restored, the table {wrong[0]} is another than it was")
        yield


def last_migrations() -> dict[str, str]:
    """By app the last migration that was applied here."""
    applied = MigrationRecorder.Migration.objects.order_by("app", "id")
    return dict(applied.values_list("app", "name"))


def is_due() -> bool:
    """Whether a backup by schedule is wanted now."""
    if settings.BACKUP_FOLDER is None:
        return False
    try:
        made = backups_in(settings.BACKUP_FOLDER)
    except OSError:
        # The folder cannot be looked at (a share that is away, say): the backup fails, and says why.
        return True
    return not made or made[0].made_at + timedelta(hours=settings.BACKUP_HOURS) <= timezone.now()


def back_up_beside() -> None:
    """The backup by schedule, in a process of its own: it restores, and this one has a database to go on with.

    Raises WinnowError with what that process said.
    """
    command = [sys.executable, "-m", "winnow", "backup", str(settings.BACKUP_FOLDER)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise WinnowError(f"the backup failed: {done.stderr.strip()[-300:]}")


def _make(target: Path) -> Backup:
    made_at = datetime.now(UTC)
    stamp = made_at.strftime("%Y%m%dT%H%M%S%fZ")
    partial = target / f"{PARTIAL}{stamp}"
    partial.mkdir(mode=0o700)
    try:
        store = store_postgresql if connection.vendor == "postgresql" else store_sqlite
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "made_at": made_at.isoformat(),
            "version": __version__,
            "database": connection.vendor,
            "migrations": last_migrations(),
            "tables": store.save(partial),
        }
        # After the database: a model is written before the row that names it.
        _copy_home(partial)
        manifest["files"] = {
            str(path.relative_to(partial)): (path.stat().st_size, _sha256(path))
            for path in sorted(partial.rglob("*"))
            if path.is_file()
        }
        _write(partial / MANIFEST, json.dumps(manifest, indent=1))
        with restored(Backup(partial, manifest), partial):
            pass
        final = target / f"{PREFIX}{stamp}"
        partial.rename(final)
        return read_backup(final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _copy_of(backup: Backup, scratch: Path) -> AbstractContextManager[store_sqlite.Content]:
    manifest = backup.manifest
    if manifest["database"] == "sqlite":
        return store_sqlite.restored(backup.folder, scratch)
    sorts_by_bytes = manifest["format"] != SORTED_AS_THERE
    return store_postgresql.restored(backup.folder, manifest["migrations"], sorts_by_bytes=sorts_by_bytes)


def _copy_home(partial: Path) -> None:
    if (settings.HOME / MODELS).is_dir():
        shutil.copytree(settings.HOME / MODELS, partial / MODELS, ignore=shutil.ignore_patterns(*NO_MODELS))
    if (settings.HOME / KEY).is_file():
        shutil.copy2(settings.HOME / KEY, partial / KEY)


def _write(path: Path, text: str) -> None:
    with path.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    with (target / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConflictError(f"{target}: another backup is under way there") from None
        yield
