"""A restore across two disks."""

import shutil
import tempfile
from pathlib import Path

import pytest
from tests import databases

SHARED_MEMORY = Path("/dev/shm")


@pytest.fixture
def other_disk(tmp_path):
    """A folder on another file system than the home's."""
    if not SHARED_MEMORY.is_dir() or SHARED_MEMORY.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("/dev/shm is no file system of its own here, and there is no other to put a database on")
    folder = Path(tempfile.mkdtemp(prefix="winnow-", dir=SHARED_MEMORY))
    yield folder
    shutil.rmtree(folder)


@databases.on_sqlite
def test_the_database_may_lie_on_another_disk_than_the_home(winnow, other_disk, tmp_path):
    there = {"DATABASE_URL": f"sqlite://{other_disk}/w.sqlite3"}
    assert winnow("tags", **there).status == 0
    assert winnow("backup", tmp_path / "b", **there).status == 0
    done = winnow("restore", tmp_path / "b", "--replace", "--json", **there)
    assert done.status == 0, done.err
    assert done.rows[0]["kept"].startswith(f"{other_disk}/w.sqlite3.before-")
    assert winnow("doctor", **there).out
    assert not list(other_disk.glob("*restoring*"))


@databases.on_sqlite
def test_where_the_folder_of_the_database_is_missing_that_is_said(winnow, tmp_path):
    assert winnow("backup", tmp_path / "b").status == 0
    done = winnow("restore", tmp_path / "b", DATABASE_URL=f"sqlite://{tmp_path}/missing/w.sqlite3")
    assert (done.status, "the folder of the database is missing" in done.err) == (1, True)
