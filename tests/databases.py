"""The database of a home that a test makes: a file in it, or, in the run on PostgreSQL, one of its own on that server."""

import hashlib
import os
import sqlite3
import time
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest

PATIENCE_SECONDS = 60


def server():
    """The address of the server on which tests make their databases; empty in the run on SQLite."""
    return os.environ.get("WINNOW_TEST_DATABASE_URL", "")


on_sqlite = pytest.mark.skipif(bool(server()), reason="is about the embedded database")
on_postgresql = pytest.mark.skipif(not server(), reason="is about PostgreSQL")


def environment_of(home):
    """What tells a command in this home where its rows are."""
    return {"DATABASE_URL": urlsplit(server())._replace(path=f"/{_name(home)}").geturl()} if server() else {}


def create(home, like=None, options=""):
    """Make the home's database, empty or a copy of that of another home; a file comes into being by itself."""
    if server():
        _at_rest(f"CREATE DATABASE {_name(home)} TEMPLATE {_name(like) if like else 'template0'} {options}")


def drop(home):
    """Remove what is no file of the home."""
    if server():
        _at_rest(f"DROP DATABASE IF EXISTS {_name(home)} WITH (FORCE)")


def ask(home, question):
    """Run one statement in the home's database and give its rows, if it gives any."""
    with closing(_connect(home)) as connection, connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def in_use(home):
    """Somebody reads in the home's database meanwhile, in one transaction, what stands in its log besides."""
    ask(home, "CREATE TABLE IF NOT EXISTS in_use (n integer)")
    with closing(_connect(home)) as connection:
        connection.execute("INSERT INTO in_use VALUES (1)")
        connection.commit()
        connection.execute("BEGIN")
        connection.execute("SELECT n FROM in_use").fetchall()
        yield


def _connect(home):
    if not server():
        return sqlite3.connect(home / "winnow.sqlite3", timeout=20)
    import psycopg

    return psycopg.connect(environment_of(home)["DATABASE_URL"])


def _at_rest(statement):
    """Databases are copied while nobody looks at them, so this may have to wait for somebody who does."""
    import psycopg

    until = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(server(), autocommit=True) as connection:
        while True:
            try:
                connection.execute(statement)
            except psycopg.errors.ObjectInUse:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return


def _name(home):
    return f"home_{hashlib.sha256(str(home).encode()).hexdigest()[:16]}"


def is_untouched(home):
    """Whether nobody has made a table in the home's database yet."""
    if not server():
        return not (home / "winnow.sqlite3").exists()
    return ask(home, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
