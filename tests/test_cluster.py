"""The server of the run on PostgreSQL is nobody else's, and leaves nothing behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg
import pytest
from tests.cluster import cluster
from tests.databases import on_postgresql

ROOT = Path(__file__).parents[1]
HOLD = "from tests.cluster import cluster\nimport time\nwith cluster() as url:\n    print(url, flush=True)\n    time.sleep(600)"

pytestmark = [on_postgresql, pytest.mark.django_db]


def folder_of(url):
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def servers(folder):
    return [p for p in psutil.process_iter(["cmdline"]) if str(folder) in (p.info["cmdline"] or [])]


def test_it_answers_while_it_is_wanted_and_is_gone_afterwards():
    with cluster() as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert servers(folder_of(url))
    assert (servers(folder_of(url)), folder_of(url).exists()) == ([], False)


def test_it_goes_with_a_process_that_is_killed():
    with subprocess.Popen([sys.executable, "-c", HOLD], cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        folder = folder_of(holder.stdout.readline().strip())
        assert servers(folder)
        holder.send_signal(signal.SIGKILL)
    until = time.monotonic() + 30
    while servers(folder) or folder.exists():
        assert time.monotonic() < until
        time.sleep(0.05)
