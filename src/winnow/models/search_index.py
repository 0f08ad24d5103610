"""The full-text index over `SearchEntry.words`, which the database itself keeps: FTS5 on SQLite, GIN on PostgreSQL.

Words come ready-made (`core/search_words.py`), so both only part them at blanks. Like the guards it is made after every
migration, since SQLite loses the triggers of a table that it rebuilds.
FTS5 reads the words from the entries' own table (external content); nothing here asks for more than SQLite 3.40.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

ENTRIES = "winnow_searchentry"
INDEX = "winnow_search_fts"
GIN = "winnow_search_gin"
# Beginnings of this length are looked up; longer ones are few words.
PREFIX = "3"


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the index and what keeps it, where entries are; a new index is filled with what is there."""
    tables = set(connection.introspection.table_names())
    if ENTRIES not in tables:
        return
    statements = _postgresql() if connection.vendor == "postgresql" else _sqlite(is_new=INDEX not in tables)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def after_migrations(*, using: str, **_signal: Any) -> None:
    """Receiver of `post_migrate`."""
    install(connections[using])


def _postgresql() -> Iterator[str]:
    # Without a list of what is pending: reading that list would slow every search down.
    yield f"CREATE INDEX IF NOT EXISTS {GIN} ON {ENTRIES} USING gin (words) WITH (fastupdate = off)"


def _sqlite(*, is_new: bool) -> Iterator[str]:
    if is_new:
        yield (
            f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, content='{ENTRIES}', content_rowid='item_id',"
            f" tokenize=\"ascii tokenchars '_.-'\", prefix='{PREFIX}')"
        )
        yield f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')"  # noqa: S608 - one of ours
    gone = f"INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES ('delete', OLD.item_id, OLD.words);"  # noqa: S608 - one of ours
    come = f"INSERT INTO {INDEX}(rowid, words) VALUES (NEW.item_id, NEW.words);"  # noqa: S608 - one of ours
    triggers = {
        "insert": ("AFTER INSERT", come),
        "delete": ("AFTER DELETE", gone),
        "update": ("AFTER UPDATE OF words, item_id", gone + come),
    }
    for name, (event, does) in triggers.items():
        yield f"DROP TRIGGER IF EXISTS {INDEX}_{name}"
        yield f"CREATE TRIGGER {INDEX}_{name} {event} ON {ENTRIES} BEGIN {does} END"
