"""`winnow serve`, when something is taken from under it: each test bears the letter and number of its case."""

import json
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

import psutil
import psycopg
import pytest
from tests.databases import ask, environment_of, on_postgresql, on_sqlite, server
from tests.management.conftest import environment
from tests.management.servers import LUNGS, PATIENCE_SECONDS, call, comes_true, is_alive, serving, status, workers_of


@pytest.fixture
def token(winnow):
    return winnow("token", "t", "--scope", "submit", "--json").rows[0]["token"]


def submitted(address, token, n):
    work = {"url": f"https://example.org/{n}", "title": f"Training networks number {n} at scale"}
    return call(f"{address}/api/v1/items", work, token)[0]


def numbers_kept(home):
    return {url.rpartition("/")[2] for (url,) in ask(home, "SELECT url FROM winnow_item")}


def serving_process(server_):
    """The process that answers, below the one that was started."""
    found = psutil.Process(server_.pid).children()
    return [child for child in found if "resource_tracker" not in " ".join(child.cmdline())][-1]


@pytest.mark.parametrize("parent", ["os.getppid()", "os.getpid()"], ids=["its-own", "gone-already"])
def test_j1_whoever_was_left_alone_before_it_could_ask_to_die_as_well_does_not_stay(winnow, parent):
    """The parent is killed while the child still loads: nobody tells the child any more."""
    about = environment(winnow.home) | {"DJANGO_SETTINGS_MODULE": "winnow.settings"}
    code = f"import django, os; django.setup(); from winnow.management.commands.serve import die_with; die_with({parent}); print('here')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=about, check=False)
    assert (done.returncode, done.stdout) == ((0, "here\n") if parent == "os.getppid()" else (-signal.SIGKILL, ""))


def test_m4_model_files_taken_from_under_a_server_never_fail_a_call_and_are_found_again(demo):
    token = demo("token", "t", "--scope", "classify", "--json").rows[0]["token"]
    models, elsewhere = demo.home / "models", demo.home / "elsewhere"

    def answered(address):
        code, _, text = call(f"{address}/api/v1/classify", {"items": [LUNGS]}, token)
        assert code == 200
        return json.loads(text)["items"][0]["tag"]

    models.rename(elsewhere)
    with serving(demo.home) as (_, address):
        assert comes_true(is_alive, address)
        assert answered(address) is None
        assert [call(f"{address}{path}")[0] for path in ("/", "/recent", "/models", "/tags")] == [200] * 4
        elsewhere.rename(models)
        assert comes_true(lambda: answered(address) == "computer-vision")
        models.rename(elsewhere)
        assert answered(address) == "computer-vision"


@on_sqlite
def test_d2_a_database_that_is_taken_away_is_503_and_no_new_one_is_made(winnow, token):
    file = winnow.home / "winnow.sqlite3"
    with serving(winnow.home) as (_, address):
        assert comes_true(is_alive, address)
        assert submitted(address, token, 1) == 201
        away = file.rename(winnow.home / "away")
        assert (status(address), status(address, "/api/v1/readyz"), submitted(address, token, 2)) == (503, 503, 503)
        assert is_alive(address)
        assert not file.exists()
        away.rename(file)
        assert (status(address), submitted(address, token, 3)) == (200, 201)
        shutil.copyfile(file, away)
        away.rename(file)
        assert submitted(address, token, 4) == 201
    assert numbers_kept(winnow.home) == {"1", "3", "4"}


@on_postgresql
def test_d4_a_database_that_is_away_is_503_and_all_goes_on_when_it_is_back(winnow, token):
    """It takes no connections, and those that it had are ended: as in a fail-over, or with too many connections."""
    name = environment_of(winnow.home)["DATABASE_URL"].rpartition("/")[2].partition("?")[0]
    with psycopg.connect(server(), autocommit=True) as owner, serving(winnow.home) as (_, address):
        assert comes_true(is_alive, address)
        assert submitted(address, token, 1) == 201
        owner.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        assert (status(address), status(address, "/api/v1/readyz"), submitted(address, token, 2)) == (503, 503, 503)
        assert is_alive(address)
        owner.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert (status(address), submitted(address, token, 3)) == (200, 201)
    assert numbers_kept(winnow.home) == {"1", "3"}


def test_d8_a_newer_version_brings_the_database_further_and_this_one_serves_on(winnow, token):
    with serving(winnow.home) as (_, address):
        assert comes_true(is_alive, address)
        ask(winnow.home, "ALTER TABLE winnow_item ADD COLUMN of_the_newer varchar(9) NOT NULL DEFAULT ''")
        ask(
            winnow.home,
            "INSERT INTO django_migrations (app, name, applied) VALUES ('winnow', '9999_newer', '2026-01-01 00:00:00')",
        )
        assert [status(address, path) for path in ("/", "/recent", "/tags", "/api/v1/readyz")] == [200] * 4
        assert submitted(address, token, 1) == 201


def test_o1_a_full_disk_of_logs_and_a_hang_up_do_not_end_it(winnow, monkeypatch):
    monkeypatch.setenv("WINNOW_LOG_LEVEL", "INFO")
    with Path("/dev/full").open("w") as full, serving(winnow.home, "--with-worker", stderr=full) as (server_, address):
        assert comes_true(is_alive, address)
        assert status(address) == 200
        (worker,) = workers_of(server_)
        for process in (server_, worker):
            process.send_signal(signal.SIGHUP)
        time.sleep(1)
        assert comes_true(lambda: status(address) == 200)
        assert (server_.poll(), worker.is_running()) == (None, True)


def test_o2_a_process_at_its_limit_of_memory_answers_again(demo):
    token = demo("token", "t", "--scope", "classify", "--json").rows[0]["token"]
    texts = {"items": [LUNGS] * 50}
    with serving(demo.home) as (server_, address):
        assert comes_true(lambda: status(address, "/") == 200)
        process = serving_process(server_)
        limit = process.memory_info().vms + 2**20
        process.rlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
        for _ in range(3):
            try:
                assert call(f"{address}/api/v1/classify", texts, token)[0] in (200, 500, 503)
            except (OSError, HTTPException):
                break
        # It may have died of it.
        with suppress(psutil.NoSuchProcess):
            process.rlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert comes_true(lambda: status(address, "/") == 200)


def test_o2_a_process_that_is_killed_for_its_memory_is_replaced(winnow):
    with serving(winnow.home) as (server_, address):
        assert comes_true(lambda: status(address) == 200)
        serving_process(server_).kill()
        assert comes_true(lambda: status(address) == 200)
        assert server_.poll() is None


def test_o3_clients_that_never_finish_what_they_say_keep_nobody_waiting(winnow, token):
    with serving(winnow.home) as (_, address):
        assert comes_true(lambda: status(address) == 200)
        host, port = address.removeprefix("http://").split(":")
        with urlopen(f"{address}/sign-in") as page:
            cookie = page.headers["Set-Cookie"].partition(";")[0]
        more = "Host: a\r\nContent-Length: 1000"
        unfinished = [
            "GET /tags HTTP/1.1\r\nHost: a\r\nX-",
            # One with a token, and one with the cookie of a form: only such a body is waited for at all.
            f"POST /api/v1/items HTTP/1.1\r\n{more}\r\nAuthorization: Bearer {token}\r\n\r\n{{",
            f"POST /sign-in HTTP/1.1\r\n{more}\r\nCookie: {cookie}\r\nOrigin: {address}\r\n\r\nc",
        ]
        slow = [socket.create_connection((host, int(port))) for _ in range(201)]
        for n, client in enumerate(slow):
            client.sendall(unfinished[n % 3].encode())
        began = time.monotonic()
        assert [status(address) for _ in range(10)] == [200] * 10
        assert time.monotonic() - began < PATIENCE_SECONDS / 4
        for client in slow:
            client.close()
