"""`winnow serve`."""

import json
import signal
import socket
import subprocess
import sys
from urllib.request import Request, urlopen

import psutil
import pytest
from tests.management.conftest import environment
from tests.management.servers import LUNGS, PATIENCE_SECONDS, call, comes_true, is_alive, serving


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


def test_a_thread_that_makes_a_page_holds_up_nobody_for_long(demo):
    """In the process that serves, and made as that makes it."""
    script = (
        "import django, sys; django.setup()\nfrom winnow.management.commands import serve\n"
        "serve._application(); print(sys.getswitchinterval())"
    )
    env = environment(demo.home) | {"DJANGO_SETTINGS_MODULE": "winnow.settings"}
    said = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert float(said.stdout) == 0.001


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
