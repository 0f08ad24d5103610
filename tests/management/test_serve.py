"""`winnow serve`."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil
import pytest
from tests.management.conftest import environment

PATIENCE_SECONDS = 30
LUNGS = {"title": "Segmentation of lungs in photographs", "description": "A network outlines objects in images."}


@contextmanager
def serving(home, *words, **more):
    """A server on a free port of its own, and where it says that it serves; killed at the end."""
    command = [sys.executable, "-m", "winnow", "serve", "--port", "0", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(home), **more) as server:
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


def call(address, body=None, token=""):
    """Status, type and text of an answer, whatever the status."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        answer = urlopen(Request(address, body and json.dumps(body).encode(), headers), timeout=PATIENCE_SECONDS)
    except HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers.get_content_type(), answer.read().decode()


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


def test_it_stops_though_a_shell_put_it_into_the_background(winnow):
    with serving(winnow.home, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) as (server, _):
        server.send_signal(signal.SIGINT)
        server.wait(PATIENCE_SECONDS)


def test_killed_it_leaves_no_orphan_behind(winnow):
    with serving(winnow.home, "--with-worker") as (server, address):
        assert comes_true(is_alive, address)
        server.kill()
        assert comes_true(lambda: not is_alive(address))


def test_it_is_ready_classifies_for_a_token_and_for_nobody_else(demo):
    token = demo("token", "t", "--scope", "classify", "--json").rows[0]["token"]
    body = {"items": [LUNGS]}
    with serving(demo.home) as (_, address):
        assert comes_true(is_alive, address)
        assert call(f"{address}/api/v1/readyz") == (200, "application/json", '{"status": "ready"}')
        assert call(f"{address}/api/v1/classify", body)[:2] == (401, "application/problem+json")
        status, kind, text = call(f"{address}/api/v1/classify", body, token)
        (answer,) = json.loads(text)["items"]
        assert (status, kind, answer["tag"], answer["model"]) == (200, "application/json", "computer-vision", "v6-1")
        assert call(f"{address}/")[:2] == (200, "text/html")
        assert call(f"{address}/nowhere")[:2] == (404, "text/html")


def test_m4_model_files_taken_from_under_a_server_never_fail_a_call_and_are_found_again(demo):
    token = demo("token", "t", "--scope", "classify", "--json").rows[0]["token"]
    models, elsewhere = demo.home / "models", demo.home / "elsewhere"

    def answered(address):
        status, _, text = call(f"{address}/api/v1/classify", {"items": [LUNGS]}, token)
        assert status == 200
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


def test_its_worker_ends_with_it(winnow):
    with serving(winnow.home, "--with-worker") as (server, address):
        assert comes_true(is_alive, address)
        children = psutil.Process(server.pid).children(recursive=True)
        assert sum("work" in child.cmdline() for child in children) == 1
        server.send_signal(signal.SIGINT)
        _, alive = psutil.wait_procs(children, timeout=PATIENCE_SECONDS)
    assert alive == []


def test_requests_have_numbers_and_are_counted_for_prometheus(winnow, tmp_path, monkeypatch):
    # Whoever starts a server may count for a home of its own.
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    token = winnow("token", "prometheus", "--scope", "operator", "--json").rows[0]["token"]
    with serving(winnow.home) as (_server, address):
        assert comes_true(is_alive, address)
        with urlopen(Request(f"{address}/tags", headers={"X-Request-ID": "abc-12345"})) as answer:
            assert answer.headers["X-Request-ID"] == "abc-12345"
        _status, _kind, text = call(f"{address}/api/v1/metrics", token=token)
    assert 'winnow_requests_total{area="tags",method="GET",status="200"} 1.0' in text
    assert 'winnow_request_seconds_count{area="tags"} 1.0' in text
    assert not list(tmp_path.glob("*.db"))
