"""`winnow serve`."""

import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.request import urlopen

import pytest
from tests.management.conftest import environment

PATIENCE_SECONDS = 30


@contextmanager
def serving(home, *words):
    """A server on a free port of its own, and where it says that it serves; killed at the end."""
    command = [sys.executable, "-m", "winnow", "serve", "--port", "0", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(home)) as server:
        (address,) = re.findall(r"http://\S+", server.stdout.readline())
        try:
            yield server, address
        finally:
            server.kill()


def is_alive(address):
    try:
        with urlopen(f"{address}/api/v1/healthz") as answer:
            return answer.status == 200
    except OSError:
        return False


def comes_true(question, *arguments):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not question(*arguments):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_a_taken_port_is_refused_in_one_line(winnow):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = winnow("serve", "--port", port)
    assert (done.status, done.out) == (1, "")
    assert done.err == f"winnow: 127.0.0.1 port {port}: Address already in use; choose another with --host and --port\n"


def test_a_host_that_is_not_here_is_refused_in_one_line(winnow):
    done = winnow("serve", "--host", "nowhere.invalid")
    assert (done.status, done.out, len(done.err.splitlines())) == (1, "", 1)


def test_a_host_may_be_named(winnow):
    with serving(winnow.home, "--host", "localhost") as (_, address):
        assert address.startswith("http://127.0.0.1:")
        assert comes_true(is_alive, address)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told_to_even_before_it_has_begun(winnow, number):
    with serving(winnow.home) as (server, _):
        server.send_signal(number)
        server.wait(PATIENCE_SECONDS)


def test_killed_it_leaves_no_orphan_behind(winnow):
    with serving(winnow.home, "--with-worker") as (server, address):
        assert comes_true(is_alive, address)
        server.kill()
        assert comes_true(lambda: not is_alive(address))
