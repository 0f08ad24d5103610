"""A database on a server as a folder of tables: a consistent copy under load, and that copy filled into a schema of its own.

Tables are read by COPY in one transaction that sees one moment (REPEATABLE READ), so that no further program is needed and
any version of the server will do. The copy is proved by filling it into a schema beside the one in use, made by the very
migrations that the backup names, and reading that back.
"""

import gzip
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from winnow.core.errors import ConflictError, InputError
from winnow.models import guards

FOLDER = "tables"
SCRATCH = "winnow_restoring"
Content = dict[str, tuple[int, str]]
PACKED = 6


def save(folder: Path) -> Content:
    """Copy all tables into a folder; returns what stood in them at that moment."""
    (folder / FOLDER).mkdir()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return {table: _save(cursor, table, folder / FOLDER / f"{table}.copy.gz") for table in _tables(cursor)}


@contextmanager
def restored(folder: Path, migrations: dict[str, str], *, sorts_by_bytes: bool) -> Iterator[Content]:
    """A copy of saved tables in the schema SCRATCH, made by these migrations (by app the last): what stands in it.

    `sorts_by_bytes` as the hashes were made that it is to be compared with: else as this database sorts text.
    The schema is gone at the end, unless it was put into use. Raises InputError where the copy is damaged.
    """
    _run(f"DROP SCHEMA IF EXISTS {SCRATCH} CASCADE", f"CREATE SCHEMA {SCRATCH}")
    try:
        with _in_scratch():
            for app, name in migrations.items():
                call_command("migrate", app, name, verbosity=0, interactive=False)
            try:
                content = _fill(folder, sorts_by_bytes=sorts_by_bytes)
            except (DatabaseError, EOFError, OSError) as error:
                raise InputError(f"{folder}: damaged: {' '.join(str(error).split())[:300]}") from error
        yield content
    finally:
        _run(f"DROP SCHEMA IF EXISTS {SCRATCH} CASCADE")


def is_empty() -> bool:
    """Whether nothing was ever kept in the database."""
    with connection.cursor() as cursor:
        held = [name for name in ("winnow_item", "winnow_account", "winnow_label") if name in _tables(cursor)]
        for name in held:
            cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")  # noqa: S608 - ours
            if cursor.fetchone() is not None:
                return False
    return True


def migrate_scratch() -> None:
    """Bring the copy up to this version."""
    with _in_scratch():
        call_command("migrate", verbosity=0, interactive=False)


def exchange(stamp: str) -> str:
    """Put the copy in the place of what is in use, in one transaction; what was there is kept. Returns where.

    Raises ConflictError where somebody else is connected; then nothing has changed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # The server's own upkeep comes and goes, has no user, and does not mind another name.
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
        )
        if cursor.fetchone()[0]:
            raise ConflictError(
                "somebody else is connected to the database: stop the sites and workers, then try again"
            )
        cursor.execute("SELECT current_schema(), quote_ident(current_schema())")
        name, quoted = cursor.fetchone()
        kept = f"{name}_before_{stamp.lower()}"
        cursor.execute(f"ALTER SCHEMA {quoted} RENAME TO {kept}")
        cursor.execute(f"ALTER SCHEMA {SCRATCH} RENAME TO {quoted}")
    connection.close()
    return f"the schema {kept}"


def _fill(folder: Path, *, sorts_by_bytes: bool) -> Content:
    guards.lift(connection)
    with transaction.atomic(), connection.cursor() as cursor:
        tables = _tables(cursor)
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        for table in tables:
            _load(cursor, table, folder / FOLDER / f"{table}.copy.gz")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            _count_on(cursor, table)
        content = {table: _save(cursor, table, None, sorts_by_bytes=sorts_by_bytes) for table in tables}
    guards.install(connection)
    return content


def _save(cursor: Any, table: str, path: Path | None, *, sorts_by_bytes: bool = True) -> tuple[int, str]:
    """Read a table in the order of its key, into a file where one is named: how many rows, and their hash."""
    columns = ", ".join(_columns(cursor, table))
    whole, n = hashlib.sha256(), 0
    key = _key(cursor, table, sorts_by_bytes=sorts_by_bytes)
    rows_in_order = f"SELECT {columns} FROM {table} ORDER BY {key}"  # noqa: S608 - tables of this database
    with (
        gzip.open(path or os.devnull, "wb", compresslevel=PACKED if path else 0) as target,
        cursor.copy(f"COPY ({rows_in_order}) TO STDOUT") as rows,
    ):
        for part in rows:
            data = bytes(part)
            whole.update(data)
            # A line break within a value is written as \n.
            n += data.count(b"\n")
            target.write(data)
    if path:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    return n, whole.hexdigest()


def _load(cursor: Any, table: str, path: Path) -> None:
    if not path.exists():
        raise InputError(f"{path}: is missing")
    columns = ", ".join(_columns(cursor, table))
    with gzip.open(path, "rb") as source, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as rows:
        while part := source.read(2**20):
            rows.write(part)


def _count_on(cursor: Any, table: str) -> None:
    """The next row gets a number that none has."""
    for column in _columns(cursor, table):
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column.strip('"')])
        (sequence,) = cursor.fetchone()
        if sequence:
            cursor.execute(
                f"SELECT setval(%s, coalesce(max({column}), 1), max({column}) IS NOT NULL) FROM {table}",  # noqa: S608
                [sequence],
            )


def _tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    return [name for (name,) in cursor.fetchall()]


def _columns(cursor: Any, table: str) -> Sequence[str]:
    """All that is stored and not worked out, in an order that does not depend on how the table came about."""
    cursor.execute(
        "SELECT quote_ident(column_name) FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER' ORDER BY column_name",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _key(cursor: Any, table: str, *, sorts_by_bytes: bool) -> str:
    """What rows are sorted by: their bytes are the same everywhere, how text is sorted is each database's own."""
    cursor.execute(
        "SELECT quote_ident(a.attname), a.attcollation <> 0 FROM pg_index i JOIN pg_attribute a"
        " ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [table],
    )
    by_bytes = ' COLLATE "C"' if sorts_by_bytes else ""
    return ", ".join(name + (by_bytes if is_text else "") for name, is_text in cursor.fetchall()) or "1"


@contextmanager
def _in_scratch() -> Iterator[None]:
    options = connection.settings_dict["OPTIONS"]
    before = options.get("options", "")
    connection.close()
    options["options"] = f"{before} -c search_path={SCRATCH}"
    try:
        yield
    finally:
        connection.close()
        options["options"] = before


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
