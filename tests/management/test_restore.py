"""What a restore does with models that are damaged, with the key of the home, and across two disks."""

import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests import databases
from tests.management.conftest import environment

SHARED_MEMORY = Path("/dev/shm")
# Killed as by -9, just before its n-th renaming or second name in the home.
KILLED = """
import os, signal, sys
n = int(sys.argv.pop(1))
def before(event, arguments):
    global n
    if event in ("os.rename", "os.link") and str(arguments[0]).startswith(os.environ["WINNOW_HOME"]):
        n -= 1
        if n == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(before)
from winnow.__main__ import main
main()
"""


@pytest.fixture
def saved(winnow, tmp_path):
    """The folder of a backup of a home with one model, whose key is another than that of the home now."""
    assert winnow("tags").status == 0
    model = winnow.home / "models" / "m"
    model.mkdir(parents=True)
    (model / "weights.npz").write_bytes(b"whole")
    assert winnow("backup", tmp_path / "b").status == 0
    (winnow.home / "secret_key").write_text("another" * 9)
    (saved,) = (tmp_path / "b").glob("winnow-*")
    return saved


def key(folder):
    return (folder / "secret_key").read_text()


def kept_keys(home):
    return [path.read_text() for path in sorted(home.glob("secret_key.before-*"))]


def test_a_damaged_model_is_taken_from_the_backup_and_kept(winnow, saved):
    models = winnow.home / "models"
    (models / "m" / "weights.npz").write_bytes(b"whol3")
    done = winnow("restore", saved, "--replace", "--json")
    assert done.status == 0, done.err
    assert (models / "m" / "weights.npz").read_bytes() == b"whole"
    (aside,) = models.glob("m.before-*")
    assert (aside / "weights.npz").read_bytes() == b"whol3"
    assert str(aside) in done.rows[0]["kept"]
    again = Path(winnow("backup", saved.parent / "again", "--json").rows[0]["backup"])
    assert [path.name for path in (again / "models").iterdir()] == ["m"]


def test_the_key_that_was_here_is_kept_for_its_owner_alone(winnow, saved):
    done = winnow("restore", saved, "--replace", "--json")
    assert done.status == 0, done.err
    (aside,) = winnow.home.glob("secret_key.before-*")
    assert (key(winnow.home), aside.read_text()) == (key(saved), "another" * 9)
    assert [path.stat().st_mode & 0o777 for path in (aside, winnow.home / "secret_key")] == [0o600, 0o600]
    assert str(aside) in done.rows[0]["kept"]
    assert winnow("restore", saved, "--replace").status == 0
    assert len(kept_keys(winnow.home)) == 1


def test_an_exchange_that_is_refused_leaves_the_key(winnow, saved):
    with databases.in_use(winnow.home):
        done = winnow("restore", saved, "--replace")
    assert (done.status, "somebody" in done.err) == (1, True)
    assert (key(winnow.home), kept_keys(winnow.home)) == ("another" * 9, [])
    assert not list(winnow.home.glob("*.restoring"))


def test_killed_at_any_point_it_is_run_again_and_finishes(winnow, saved):
    databases.ask(winnow.home, "UPDATE winnow_tag SET is_approved = false")
    (winnow.home / "models" / "m" / "weights.npz").unlink()
    n, ended = 0, -signal.SIGKILL
    while ended == -signal.SIGKILL:
        n += 1
        assert key(winnow.home) == "another" * 9
        command = [sys.executable, "-c", KILLED, str(n), "restore", str(saved), "--replace"]
        ended = subprocess.run(command, env=environment(winnow.home), capture_output=True, check=False).returncode
    # The model, the database, the key and what was there of both.
    assert (ended, n > 3) == (0, True)
    assert (key(winnow.home), "another" * 9 in kept_keys(winnow.home)) == (key(saved), True)
    assert (winnow.home / "models" / "m" / "weights.npz").read_bytes() == b"whole"
    assert databases.ask(winnow.home, "SELECT count(*) FROM winnow_tag WHERE is_approved") == [(4,)]
    assert not list(winnow.home.rglob("*restoring*"))


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
def test_where_the_folder_of_the_database_is_missing_that_is_said(winnow, saved, tmp_path):
    done = winnow("restore", saved, DATABASE_URL=f"sqlite://{tmp_path}/missing/w.sqlite3")
    assert (done.status, "the folder of the database is missing" in done.err) == (1, True)
