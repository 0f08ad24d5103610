"""The embedded database as one file: a consistent copy under load, and a copy of that, looked at from end to end.

Copying the file itself is no backup: what lies in the write-ahead log is missing or torn. The copy is made by SQLite's own
backup interface (https://www.sqlite.org/backup.html) within one read transaction, and what it must hold is read in the same.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pysqlite3
from django.core.management import call_command
from django.db import connection

from winnow.core.errors import ConflictError, InputError

FILE = "database.sqlite3"
RESTORING = "restoring.sqlite3"
# By table: how many rows, and a hash over all of them in their order.
Content = dict[str, tuple[int, str]]


def save(folder: Path) -> Content:
    """Copy the database into a folder; returns what stood in it at that moment."""
    with closing(_open(_database())) as source, closing(_open(folder / FILE)) as copy:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(copy)
        # One file, without a log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        content = content_of(source)
        source.execute("ROLLBACK")
    _sync(folder / FILE)
    return content


def beside() -> Path:
    """The folder of the database: only what lies in the same file system can be renamed onto it."""
    return _database().parent


@contextmanager
def restored(folder: Path, scratch: Path) -> Iterator[Content]:
    """A copy of a saved database, examined: what stands in it. It lies at `scratch` / RESTORING and is gone at the end.

    Raises InputError where it is damaged.
    """
    path = scratch / RESTORING
    _remove(path)
    try:
        shutil.copyfile(folder / FILE, path)
        with closing(_open(path)) as copy:
            fault = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if fault != "ok":
                raise InputError(f"{folder / FILE}: damaged: {fault}")
            if copy.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise InputError(f"{folder / FILE}: a row names another that is not there")
            content = content_of(copy)
        yield content
    except pysqlite3.DatabaseError as error:
        raise InputError(f"{folder / FILE}: damaged: {error}") from error
    finally:
        _remove(path)


def is_empty() -> bool:
    """Whether nothing was ever kept in the database of this home."""
    path = _database()
    if not path.exists():
        return True
    with closing(_open(path)) as source:
        tables = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        held = [name for name in ("winnow_item", "winnow_account", "winnow_label") if name in tables]
        return not any(source.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in held)  # noqa: S608 - ours


def migrate_scratch() -> None:
    """Bring the copy that lies beside the database up to this version."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(beside() / RESTORING)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        # What stands in its log goes into the file, which is moved alone.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def exchange(stamp: str) -> str:
    """Put the copy in the place of the database; what was there is kept beside it. Returns where, or nothing.

    Raises ConflictError where somebody uses the database; then nothing has changed.
    """
    path, kept = _database(), ""
    connection.close()
    if path.exists():
        with closing(_open(path)) as old:
            if old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise ConflictError(f"{path}: somebody uses it; stop the site and its worker, then try again")
        aside = path.with_name(f"{path.name}.before-{stamp}")
        # A second name and no renaming: at no moment is there no database, which the next start would make anew.
        os.link(path, aside)
        kept = str(aside)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    (beside() / RESTORING).rename(path)
    _sync(path.parent)
    return kept


def content_of(source: pysqlite3.Connection) -> Content:
    """What stands in every table of a database, its own bookkeeping aside."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return {name: _hashed(source, name) for (name,) in source.execute(query).fetchall()}


def _hashed(source: pysqlite3.Connection, table: str) -> tuple[int, str]:
    whole, n = hashlib.sha256(), 0
    for row in source.execute(f'SELECT * FROM "{table}" ORDER BY 1'):  # noqa: S608 - a table of this database
        whole.update(repr(row).encode("utf-8", "surrogatepass"))
        n += 1
    return n, whole.hexdigest()


def _database() -> Path:
    return Path(connection.settings_dict["NAME"])


def _open(path: Path) -> pysqlite3.Connection:
    return pysqlite3.connect(str(path), isolation_level=None, timeout=20)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
