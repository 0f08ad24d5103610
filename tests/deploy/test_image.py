"""The image without a container engine: what is copied suffices, and nothing is written outside the home."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SECONDS = 120


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def asked(address, server):
    """The answer, once there is one."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            return urllib.request.urlopen(address, timeout=5)
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"no answer at {address}: {server.communicate(timeout=10)}")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The folder and the address of a site served from what the image holds."""
    folder, port = tmp_path_factory.mktemp("image"), free_port()
    command = ["sh", str(ROOT / "deploy" / "try-image.sh"), str(folder), str(port)]
    environment = {"PATH": os.environ["PATH"], "PYTHON": sys.executable}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    server = subprocess.Popen(command, env=environment, start_new_session=True, **streams)
    try:
        asked(f"http://127.0.0.1:{port}/api/v1/healthz", server)
        yield folder, f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.communicate(timeout=30)


@pytest.mark.parametrize("path", ["/", "/api/v1/tags", "/static/winnow/site.css", "/sign-in"])
def test_what_the_image_copies_suffices_to_serve(served, path):
    assert urllib.request.urlopen(served[1] + path, timeout=20).status == 200


def test_nothing_is_written_outside_the_home(served):
    app = served[0] / "app"
    # Taking away the right to write is the last thing that is done to the folder before it serves.
    sealed_at = (app / "LICENSE").stat().st_ctime_ns
    assert [str(path) for path in (app, *app.rglob("*")) if path.lstat().st_mtime_ns > sealed_at] == []
    assert {path.name for path in app.iterdir()} == {"LICENSE", "README.md", "src", "data", "recipes"}
    assert not list(app.rglob("__pycache__"))
    assert (served[0] / "home" / "winnow.sqlite3").exists()


def test_the_home_is_for_its_owner_alone(served):
    assert (served[0] / "home").stat().st_mode & 0o077 == 0


def test_the_image_runs_as_nobody_and_installs_by_hash():
    *_, last = DOCKERFILE.split("FROM ")
    assert re.search(r"^USER 65534:65534$", last, re.MULTILINE)
    assert "--require-hashes --no-deps" in DOCKERFILE
    assert not re.search(r"apt-get|curl|wget|ADD ", DOCKERFILE)


def test_the_context_is_no_more_than_what_is_copied():
    allowed = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()
    }
    assert allowed == copied
