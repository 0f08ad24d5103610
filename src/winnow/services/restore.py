"""Put a backup in the place of what is here: examined first, exchanged last, and what was there is kept.

Until the exchange, which is one renaming or one transaction, nothing in use has changed: killed at any point, it is done
again or not at all.
"""

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from winnow.core.errors import ConflictError, InputError
from winnow.services import store_postgresql, store_sqlite
from winnow.services.backup import KEY, MANIFEST, MODELS, Backup, backups_in, check_files, read_backup, restored
from winnow.services.running import nobody_at_work

# The copy, its migration, and what is kept of before.
ROOM = 2.5


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where that lies which was there before; empty where nothing was."""

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
        with restored(backup, _scratch()):
            _store().migrate_scratch()
            # Before the database, whose rows name them.
            _bring_home(backup)
            kept = _store().exchange(stamp)
    return Restored(backup, kept)


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


def _bring_home(backup: Backup) -> None:
    """Models by their own names, which are hashes: what is here already is the same. The key only where there is none."""
    models = backup.folder / MODELS
    for folder in sorted(models.iterdir()) if models.is_dir() else ():
        target = settings.HOME / MODELS / folder.name
        if not target.exists():
            draft = target.with_name(f"{folder.name}.restoring")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(folder, draft)
            draft.rename(target)
    if (backup.folder / KEY).is_file():
        draft = settings.HOME / f"{KEY}.restoring"
        shutil.copy2(backup.folder / KEY, draft)
        draft.rename(settings.HOME / KEY)
