"""A file of the database that is taken away, exchanged or torn under a process."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from django.db import OperationalError, connections
from tests.databases import on_sqlite

from winnow.database_url import database_of
from winnow.embedded_sqlite3.base import DatabaseWrapper

pytestmark = [on_sqlite, pytest.mark.django_db]
N_WRITES = 12
WAL_HEADER, FRAME_HEADER, PAGE = 32, 24, 4096


@pytest.fixture
def file(tmp_path):
    return tmp_path / "own.sqlite3"


@pytest.fixture
def database(file):
    """A connection with the settings of the product, to a file with one table."""
    entry = connections.configure_settings({"default": database_of(f"sqlite://{file}")})["default"]
    database = DatabaseWrapper(entry, "own")
    # Tests close no connections that Django opened for them.
    database.inc_thread_sharing()
    run(database, "CREATE TABLE kept (n integer)")
    yield database
    database.close()


def run(database, statement):
    with database.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def next_request(database):
    """What Django does with each connection before and after a request."""
    database.close_if_unusable_or_obsolete()


def test_a_connection_is_kept_while_its_file_is_the_same(database):
    before = database.connection
    next_request(database)
    assert database.connection is before


def test_d2_a_file_that_is_gone_is_an_error_and_not_a_new_empty_database(database, file):
    away = file.rename(file.with_name("away"))
    next_request(database)
    with pytest.raises(OperationalError, match="is gone"):
        run(database, "INSERT INTO kept VALUES (1)")
    assert not file.exists()
    away.rename(file)
    run(database, "INSERT INTO kept VALUES (2)")
    assert run(database, "SELECT n FROM kept") == [(2,)]


def test_d2_a_file_that_was_exchanged_is_the_one_that_is_written(database, file):
    run(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    other = file.with_name("other")
    shutil.copyfile(file, other)
    with closing(sqlite3.connect(other)) as changed, changed:
        changed.execute("INSERT INTO kept VALUES (7)")
    other.rename(file)
    next_request(database)
    run(database, "INSERT INTO kept VALUES (8)")
    with closing(sqlite3.connect(file)) as found:
        assert found.execute("SELECT n FROM kept").fetchall() == [(7,), (8,)]


def test_d2_what_is_no_file_at_all_is_refused_too(database, file):
    file.unlink()
    file.mkdir()
    next_request(database)
    with pytest.raises(OperationalError):
        run(database, "SELECT n FROM kept")


def test_d3_a_log_that_was_cut_anywhere_gives_what_was_committed_up_to_there(database, file, tmp_path):
    run(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    for n in range(N_WRITES):
        run(database, f"INSERT INTO kept VALUES ({n})")
    log = file.with_name(file.name + "-wal")
    whole, copy = log.read_bytes(), tmp_path / "copy.sqlite3"
    n_frames = (len(whole) - WAL_HEADER) // (FRAME_HEADER + PAGE)
    assert n_frames >= N_WRITES
    found = []
    for n in range(n_frames + 1):
        for cut in (0, 17):
            shutil.copyfile(file, copy)
            end = WAL_HEADER + n * (FRAME_HEADER + PAGE)
            copy.with_name(copy.name + "-wal").write_bytes(whole[: end - cut])
            with closing(sqlite3.connect(copy)) as torn:
                assert torn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                found.append([n for (n,) in torn.execute("SELECT n FROM kept ORDER BY n")])
    assert all(rows == list(range(len(rows))) for rows in found)
    assert (found[0], found[-2]) == ([], list(range(N_WRITES)))


def test_d3_a_log_that_is_gone_gives_what_was_in_the_file(database, file, tmp_path):
    run(database, "INSERT INTO kept VALUES (1)")
    run(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    run(database, "INSERT INTO kept VALUES (2)")
    copy = tmp_path / "copy.sqlite3"
    shutil.copyfile(file, copy)
    with closing(sqlite3.connect(copy)) as left:
        assert left.execute("SELECT n FROM kept").fetchall() == [(1,)]
