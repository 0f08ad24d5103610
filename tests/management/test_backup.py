"""`winnow backup`, `winnow restore` and `winnow move`, in homes and databases of their own."""

import fcntl
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests import databases
from tests.management.conftest import Winnow, environment

# What differs though nothing was lost: who is signed in, what was done since, and what the new home made anew.
OWN = ("winnow_search", "django_migrations", "winnow_event", "winnow_job")

# What a home holds that was made by the version before.
OLDER = """
import django; django.setup()
from pathlib import Path; import sys
from django.core.management import call_command
from winnow.services.backup import make_backup
call_command("migrate", "winnow", "0023", verbosity=0)
make_backup(Path(sys.argv[1]), keep=1)
"""


@pytest.fixture
def saved(demo, tmp_path):
    """A backup of the demo."""
    done = demo("backup", tmp_path / "b", "--json")
    assert done.status == 0, done.err
    return Path(done.rows[0]["backup"])


@pytest.fixture
def upkeep_each_second():
    """The server looks each second whether a table is to be tended, and not each minute."""
    import psycopg

    with psycopg.connect(databases.server(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET autovacuum_naptime = 1")
        connection.execute("SELECT pg_reload_conf()")
        yield
        connection.execute("ALTER SYSTEM RESET autovacuum_naptime")
        connection.execute("SELECT pg_reload_conf()")


def tables(folder):
    rows = json.loads((folder / "manifest.json").read_text())["tables"]
    return {name: row for name, row in rows.items() if not name.startswith(OWN)}


def test_a_backup_comes_back_into_an_empty_home_the_same_in_every_table(saved, winnow, tmp_path):
    done = winnow("restore", tmp_path / "b")
    assert done.status == 0, done.err
    assert done.out.startswith(f"Restored {saved}: ")
    again = winnow("backup", tmp_path / "again", "--json")
    assert tables(Path(again.rows[0]["backup"])) == tables(saved)
    assert "champion" in winnow("models").out
    assert winnow("verify", "champion").status == 0


def test_what_is_here_is_replaced_only_when_asked_and_kept(saved, demo, tmp_path):
    refused = demo("restore", saved)
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert "--replace" in refused.err
    done = demo("restore", saved, "--replace", "--json")
    assert done.status == 0, done.err
    assert "before" in done.rows[0]["kept"]
    assert "champion" in demo("models").out


def test_d6_an_older_backup_is_brought_up_to_date(winnow, tmp_path):
    made = subprocess.run(
        [sys.executable, "-c", OLDER, str(tmp_path / "old")],
        env={**environment(winnow.home), "DJANGO_SETTINGS_MODULE": "winnow.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    done = winnow("restore", tmp_path / "old", "--replace")
    assert done.status == 0, done.err
    assert winnow("doctor").out.count("\n") > 3
    assert winnow("freeze").status == 1


def test_d6_a_backup_of_a_newer_version_is_refused_by_version(saved, winnow):
    path = saved / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["migrations"]["winnow"] = "9999_future"
    manifest["version"] = "99.0"
    path.write_text(json.dumps(manifest))
    done = winnow("restore", saved)
    assert (done.status, "99.0" in done.err, "9999_future" in done.err) == (1, True, True)


@pytest.mark.parametrize("verb", ["restore", "move"])
def test_nothing_is_exchanged_while_the_site_runs(saved, demo, verb, tmp_path):
    with (demo.home / "running.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        words = [saved, "--replace"] if verb == "restore" else [f"sqlite:///{tmp_path}/other.sqlite3"]
        done = demo(verb, *words)
    assert (done.status, "is running" in done.err) == (1, True)


def test_a_damaged_backup_changes_nothing(saved, demo):
    file = next(saved.rglob("*.npz"))
    file.write_bytes(b"x")
    done = demo("restore", saved, "--replace")
    assert (done.status, file.name in done.err) == (1, True)
    assert "champion" in demo("models").out


def test_where_there_is_no_backup_that_is_said(winnow, tmp_path):
    done = winnow("restore", tmp_path)
    assert (done.status, "neither a backup" in done.err) == (1, True)


SORTED_BY_BYTES = "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
# As people sort them and not as their bytes are.
WORDS = "INSERT INTO winnow_searchword (word, n, is_listed) VALUES ('zebra', 1, false), ('éclair', 1, false), ('Zoo', 1, false)"


@pytest.fixture
def by_bytes(tmp_path):
    """A home whose database sorts text by its bytes."""
    home = tmp_path / "by-bytes"
    databases.create(home, options=SORTED_BY_BYTES)
    yield Winnow(home)
    databases.drop(home)


@databases.on_postgresql
@pytest.mark.parametrize("is_back", [False, True])
def test_a_backup_comes_back_where_text_is_sorted_another_way(winnow, by_bytes, is_back, tmp_path):
    old, new = (winnow, by_bytes) if is_back else (by_bytes, winnow)
    assert old("tags").status == 0
    databases.ask(old.home, WORDS)
    assert old("backup", tmp_path / "b").status == 0
    done = new("restore", tmp_path / "b")
    assert done.status == 0, done.err
    assert databases.ask(new.home, "SELECT count(*) FROM winnow_searchword") == [(3,)]


# So slowly that it works for more than a minute.
TENDED = """
CREATE TABLE tended (n bigint) WITH (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1);
INSERT INTO tended SELECT generate_series(1, 100000); DELETE FROM tended WHERE n % 2 = 0;
"""
AT_UPKEEP = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'autovacuum worker'"
)


@databases.on_postgresql
def test_the_upkeep_of_the_server_is_nobody_who_is_connected(winnow, tmp_path, upkeep_each_second):
    assert winnow("tags").status == 0
    assert winnow("backup", tmp_path / "b").status == 0
    databases.ask(winnow.home, TENDED)
    while databases.ask(winnow.home, AT_UPKEEP) == [(0,)]:
        time.sleep(0.1)
    done = winnow("restore", tmp_path / "b", "--replace")
    assert databases.ask(winnow.home, AT_UPKEEP) == [(1,)]
    assert done.status == 0, done.err


def test_everything_moves_to_another_database_and_back(demo, tmp_path):
    first = f"sqlite:///{tmp_path}/first.sqlite3"
    done = demo("move", first, "--json")
    assert done.status == 0, done.err
    assert done.rows[0]["rows"]["winnow_item"] > 100
    there = Winnow(demo.home)
    assert "champion" in there("models", DATABASE_URL=first).out
    full = there("move", first)
    assert (full.status, "already" in full.err) == (1, True)


def test_it_moves_between_databases_that_sort_text_each_in_its_own_way(winnow, tmp_path):
    """By bytes `Zoo` stands before `mlops`; the server of the tests sorts as people do."""
    assert winnow("tags").status == 0
    columns = "name, short, description, belongs, excludes, hard, typical, settled, position, is_approved"
    copied = f"SELECT 'Zoo', {columns} FROM winnow_tag WHERE slug = 'mlops'"
    databases.ask(winnow.home, f"INSERT INTO winnow_tag (slug, {columns}) {copied}")
    done = winnow("move", f"sqlite:///{tmp_path}/other.sqlite3", "--json")
    assert done.status == 0, done.err
    assert done.rows[0]["rows"]["winnow_tag"] == 5


def test_a_move_to_itself_is_refused(demo):
    own = databases.environment_of(demo.home).get("DATABASE_URL") or f"sqlite:///{demo.home}/winnow.sqlite3"
    assert demo("move", own).status == 1


def test_the_new_home_finds_its_works_again(demo, tmp_path):
    url = f"sqlite:///{tmp_path}/first.sqlite3"
    assert demo("move", url).status == 0
    assert Winnow(demo.home)("work", "--once", DATABASE_URL=url).status == 0
    code = "import django; django.setup(); from winnow.queries.search import search; print(search('model').n)"
    env = {**environment(demo.home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "winnow.settings"}
    found = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert int(found.stdout) > 0
