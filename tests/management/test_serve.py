"""`winnow serve` answers over real HTTP, and stops when it is asked to."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing

import psutil
import pytest
from tests.management.conftest import environment

LUNGS = {"title": "Segmentation of lungs in photographs", "description": "A network outlines objects in images."}


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process of `winnow serve` and its address."""

    def __init__(self, home, *words):
        self.base = f"http://127.0.0.1:{(port := free_port())}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "winnow", "serve", "--port", str(port), *words],
            env=environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, path, body=None, token=""):
        """Status, type and text of an answer."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(self.base + path, body and json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers.get_content_type(), answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers.get_content_type(), error.read().decode()

    def wait(self):
        """Until it answers."""
        until = time.monotonic() + 60
        while True:
            try:
                return self.call("/api/v1/readyz")
            except OSError:
                assert self.process.poll() is None, self.process.communicate()
                assert time.monotonic() < until
                time.sleep(0.05)

    def stop(self, signal_number=signal.SIGTERM):
        """Ask it to stop; gives what it printed."""
        self.process.send_signal(signal_number)
        return self.process.communicate(timeout=60)


@pytest.fixture
def serve(demo):
    """Start a server in the demo's home; whatever is left of it at the end is ended."""
    servers = []

    def start(*words):
        servers.append(Server(demo.home, *words))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()
            server.process.communicate()


def test_it_is_ready_classifies_for_a_token_and_for_nobody_else(serve, demo):
    token = demo("token", "t", "--scope", "classify", "--json").rows[0]["token"]
    server = serve()
    assert server.wait() == (200, "application/json", '{"status": "ready"}')
    status, kind, _ = server.call("/api/v1/classify", {"items": [LUNGS]})
    assert (status, kind) == (401, "application/problem+json")
    status, kind, text = server.call("/api/v1/classify", {"items": [LUNGS]}, token)
    (answer,) = json.loads(text)["items"]
    assert (status, kind, answer["tag"], answer["model"]) == (200, "application/json", "computer-vision", "v5-1")
    status, kind, text = server.call("/")
    assert (status, kind, "<main" in text) == (200, "text/html", True)
    assert server.call("/nowhere")[0] == 404
    out, err = server.stop()
    assert (server.process.returncode, out) == (0, f"Serving at {server.base} (stop with Ctrl-C)\n")
    assert [line.split(" ", 2)[2] for line in err.splitlines()] == [
        "WARNING django.request: Unauthorized: /api/v1/classify",
        "WARNING django.request: Not Found: /nowhere",
    ]


def test_its_worker_ends_with_it(serve):
    server = serve("--with-worker")
    server.wait()
    children = psutil.Process(server.process.pid).children(recursive=True)
    assert sum("work" in child.cmdline() for child in children) == 1
    server.stop(signal.SIGINT)
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []


def test_a_place_where_nothing_can_listen_is_one_line(winnow):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = winnow("serve", "--port", port)
    assert (done.status, done.out) == (1, "")
    assert done.err == f"winnow: 127.0.0.1:{port}: cannot listen there (Address already in use); name another --port\n"
