"""Put a backup in the place of what is here: examined first, exchanged last, and what was there is kept.

Until the exchange of the database, which is one renaming or one transaction, nothing in use has changed but that models
that were damaged are whole again. The key of the home follows by a renaming of its own: refused or failed, the exchange
leaves the old key with the old database. Killed between the two, the new database has the old key, and killed at any point
a restore is run again and finishes.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from winnow.core.errors import ConflictError, InputError
from winnow.services import store_postgresql, store_sqlite
from winnow.services.backup import (
    KEY,
    MANIFEST,
    MODELS,
    Backup,
    backups_in,
    check_files,
    is_as_saved,
    read_backup,
    restored,
)
from winnow.services.running import nobody_at_work

# The copy, its migration, and what is kept of before.
ROOM = 2.5


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where that lies which was there before, in words; empty where nothing was."""

    backup: Backup
    kept: str

    def as_json(self) -> dict[str, object]:
        """The row of the command."""
        return self.backup.as_json() | {"kept": self.kept or None}


def restore(folder: Path, *, replaces: bool = False) -> Restored:
    """Restore a backup, or the newest of a folder of them, into this home.

    Raises InputError where it is damaged, made by a newer version or for the other kind of database, and ConflictError
    where the site runs, or where something is here already and it is not to be replaced.
    """
    backup = chosen(folder)
    _check(backup)
    with nobody_at_work():
        if not _store().is_empty() and not replaces:
            raise ConflictError(
                f"{settings.HOME}: works or accounts are here already; --replace puts the backup in their place and keeps them beside it"
            )
        check_files(backup)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        with restored(backup, _scratch()), _drafted_key(backup) as key:
            _store().migrate_scratch()
            # Before the database, whose rows name them.
            kept = _bring_models(backup, stamp)
            # Before the key, for it may be refused.
            kept = [_store().exchange(stamp), *kept, *_exchange_key(key, stamp)]
    return Restored(backup, ", ".join(filter(None, kept)))


def chosen(folder: Path) -> Backup:
    """The backup that a folder is, or the newest that it holds. Raises InputError."""
    if (folder / MANIFEST).exists():
        return read_backup(folder)
    found = backups_in(folder)
    if not found:
        raise InputError(f"{folder}: neither a backup nor a folder of backups")
    return found[0]


def _check(backup: Backup) -> None:
    made_for = backup.manifest["database"]
    if made_for != connection.vendor:
        raise InputError(
            f"{backup.folder}: a backup of {made_for}, and this home uses {connection.vendor};"
            " restore it to its own kind, then `winnow move` carries it over"
        )
    known = MigrationLoader(None).disk_migrations or {}
    newer = [f"{app} {name}" for app, name in backup.manifest["migrations"].items() if (app, name) not in known]
    if newer:
        raise InputError(
            f"{backup.folder}: made by a newer version of Winnow ({backup.manifest['version']}; this one does not know {newer[0]});"
            " install that version first"
        )
    _check_room(backup)


def _check_room(backup: Backup) -> None:
    """The database goes beside the one in use, all else into the home; on one disk they need room together."""
    needed: Counter[Path] = Counter()
    for name, (size, _) in backup.manifest["files"].items():
        needed[_scratch() if name == store_sqlite.FILE else settings.HOME] += size
    for folder in needed:
        if not folder.is_dir():
            raise InputError(f"{folder}: the folder of the database is missing; make it first")
        disk = folder.stat().st_dev
        n_bytes = ROOM * sum(size for other, size in needed.items() if other.exists() and other.stat().st_dev == disk)
        if shutil.disk_usage(folder).free < n_bytes:
            raise InputError(f"{folder}: {n_bytes / 2**20:,.0f} MiB of room are needed, and there is less")


def _store() -> ModuleType:
    return store_sqlite if connection.vendor == "sqlite" else store_postgresql


def _scratch() -> Path:
    """Where the copy lies until it is put into use; on a server it is a schema."""
    return store_sqlite.beside() if connection.vendor == "sqlite" else settings.HOME


def _bring_models(backup: Backup, stamp: str) -> list[str]:
    """Models by their own names, which are hashes: what is here and whole is the same. Returns where damaged ones are kept."""
    models, kept = backup.folder / MODELS, []
    for folder in sorted(models.iterdir()) if models.is_dir() else ():
        target = settings.HOME / MODELS / folder.name
        if _is_here(backup, folder.name):
            continue
        draft = target.with_name(f"{folder.name}.restoring")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(folder, draft)
        if target.exists():
            aside = target.with_name(f"{folder.name}.before-{stamp}")
            target.rename(aside)
            kept.append(str(aside))
        draft.rename(target)
    return kept


def _is_here(backup: Backup, model: str) -> bool:
    """Whether the home holds a model as the backup does."""
    files = backup.manifest["files"].items()
    mine = [(settings.HOME / name, row) for name, row in files if name.startswith(f"{MODELS}/{model}/")]
    return (settings.HOME / MODELS / model).exists() and all(is_as_saved(path, *row) for path, row in mine)


@contextmanager
def _drafted_key(backup: Backup) -> Iterator[Path]:
    """The backup's key, if it has one, written beside the home's own; gone at the end, unless it was put into use."""
    draft = settings.HOME / f"{KEY}.restoring"
    draft.unlink(missing_ok=True)
    try:
        if (backup.folder / KEY).is_file():
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write((backup.folder / KEY).read_bytes())
                file.flush()
                os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _exchange_key(draft: Path, stamp: str) -> list[str]:
    """Put the backup's key into use; another that was here is kept. Returns where."""
    key, kept = settings.HOME / KEY, []
    if not draft.exists():
        return []
    if key.exists() and key.read_bytes() != draft.read_bytes():
        aside = key.with_name(f"{KEY}.before-{stamp}")
        key.chmod(0o600)
        # A second name and no renaming: at no moment is there no key, which the next start would make anew.
        os.link(key, aside)
        kept.append(str(aside))
    draft.rename(key)
    return kept
