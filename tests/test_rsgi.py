"""Real requests to a real server: who is slow to send or to read keeps nobody else waiting."""

import os
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import SimpleNamespace

import httpx
import pytest

from winnow.rsgi import STREAMS, THREADS, environ_of
from winnow.web.door import HOLD_SECONDS

MANY = 3 * THREADS


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def address(home):
    """Where the small site is served."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    about = {"WINNOW_HOME": str(home), "DJANGO_SETTINGS_MODULE": "winnow.settings"}
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--no-ws", "--port", str(port)]
    with (
        (home / "log").open("w") as log,
        subprocess.Popen([*command, "tests.rsgi_site:site"], env=os.environ | about, stderr=log) as server,
    ):
        try:
            yield comes_up(f"http://127.0.0.1:{port}")
        finally:
            server.terminate()


def comes_up(address):
    for _ in range(300):
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return address
    raise AssertionError("the server did not come up")


@pytest.fixture
def client(address):
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture
def say(address):
    """Open a connection and say so many bytes; all are closed at the end."""
    host, port = address.removeprefix("http://").split(":")
    with ExitStack() as held:

        def say(words):
            connection = held.enter_context(socket.create_connection((host, int(port)), timeout=30))
            connection.sendall(words)
            return connection

        yield say


def head(path, length):
    return f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n".encode()


def comes_true(question):
    end = time.monotonic() + 30
    while not question():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def is_prompt(client):
    began = time.monotonic()
    return client.get("/").status_code == 200 and time.monotonic() - began < 1.5


def test_a_request_is_told_whole(client):
    answer = client.post("/a%20b/%C3%A9?q=%C3%A9&x", content=b"body", headers={"X-Two": "words"})
    told = answer.json()
    assert (told["REQUEST_METHOD"], told["PATH_INFO"], told["QUERY_STRING"]) == ("POST", "/a b/Ã©", "q=%C3%A9&x")
    assert (told["body"], told["CONTENT_LENGTH"], told["HTTP_X_TWO"]) == ("body", "4", "words")
    assert (told["REMOTE_ADDR"], told["wsgi.url_scheme"]) == ("127.0.0.1", "http")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_a_header_with_an_underscore_does_not_pass_for_what_a_proxy_says(client):
    told = client.get("/", headers={"X_Forwarded_For": "192.0.2.1", "X-Forwarded-For": "192.0.2.2"}).json()
    assert told["HTTP_X_FORWARDED_FOR"] == "192.0.2.2"


def test_a_head_has_no_body(client):
    answer = client.head("/")
    assert (answer.status_code, answer.content, int(answer.headers["content-length"]) > 0) == (200, b"", True)


def test_bodies_that_never_end_keep_nobody_waiting_and_are_408(client, say):
    slow = [say(head("/slow", 100) + b"{") for _ in range(MANY)]
    assert is_prompt(client)
    assert [connection.recv(4096).split(b"\r\n")[0] for connection in slow] == [b"HTTP/1.1 408 Request Timeout"] * MANY


def test_a_call_whose_body_is_late_is_told_as_a_problem(say):
    heard = say(head("/api/v1/items", 100)).recv(4096)
    assert b"application/problem+json" in heard
    assert b'"detail": "the body did not come in time"' in heard


def test_a_body_that_breaks_off_is_400_and_no_fault(say, home):
    faults = (home / "log").read_text().count("a request failed")
    broken = say(head("/", 100) + b"{")
    broken.shutdown(socket.SHUT_WR)
    assert broken.recv(4096).startswith(b"HTTP/1.1 400")
    assert (home / "log").read_text().count("a request failed") == faults


def test_more_than_memory_is_meant_for_is_503_and_small_bodies_go_on(client, say):
    coming = [say(head("/large", 1_400_000) + b"x") for _ in range(2)]
    assert say(head("/large", 1_400_000) + b"x").recv(4096).startswith(b"HTTP/1.1 503")
    assert client.post("/small", content=b"x" * 1_000).status_code == 200
    for connection in coming:
        connection.close()
    assert comes_true(lambda: client.post("/large", content=b"x" * 200_001).status_code == 200)


def test_a_body_that_is_too_long_is_not_read_and_its_length_is_told(say):
    heard = say(head("/", 10**9)).recv(65536)
    assert re.search(rb'"CONTENT_LENGTH": "1000000000".*"body": ""', heard)


def test_a_body_of_no_told_length_is_not_read(client):
    told = client.post("/", content=iter([b"a", b"b"])).json()
    assert (told["HTTP_TRANSFER_ENCODING"], told["body"]) == ("chunked", "")


def test_answers_without_an_end_are_sent_as_they_are_read_and_closed(client):
    assert len(client.get("/endless?7").content) == 70_000
    assert comes_true(lambda: 7 in client.get("/").json()["closed"])


def test_readers_that_take_nothing_keep_nobody_waiting(client, say):
    held = [say(b"GET /endless?1000000 HTTP/1.1\r\nHost: a\r\n\r\n") for _ in range(STREAMS)]
    assert all(connection.recv(100).startswith(b"HTTP/1.1 200") for connection in held)
    assert is_prompt(client)
    for connection in held:
        connection.close()
    assert comes_true(lambda: client.get("/").json()["closed"].count(1_000_000) == STREAMS)


def test_a_fault_around_the_site_is_500_told_in_the_log_and_others_go_on(client, home):
    assert client.get("/fault").status_code == 500
    assert "a request failed" in (home / "log").read_text()
    assert client.get("/").status_code == 200


def test_a_fault_in_the_middle_of_an_answer_is_told_in_the_log_and_others_go_on(client, home):
    assert len(client.get("/endless?3").content) <= 30_000
    assert comes_true(lambda: "an answer broke off" in (home / "log").read_text())
    assert 3 in client.get("/").json()["closed"]


def test_what_waits_for_nothing_needs_no_thread_and_what_does_gets_one_with_its_whole_body(client):
    short, long = (client.post("/", content=body).json() for body in (b"short", b"long"))
    assert (short["thread"], long["thread"].split("_")[0], long["body"]) == ("MainThread", "request", "long")
    assert client.get("/").json()["thread"].startswith("request")


@pytest.mark.parametrize(("path", "status"), [("/often", 429), ("/held", 200)])
def test_who_asks_too_often_is_told_late_and_who_asks_often_waits_alone(client, path, status):
    with ThreadPoolExecutor(MANY) as pool:
        began = time.monotonic()
        answers = [pool.submit(client.get, path) for _ in range(MANY)]
        assert is_prompt(client)
        assert {answer.result().status_code for answer in answers} == {status}
    assert time.monotonic() - began >= HOLD_SECONDS


def test_many_at_once_are_each_told_their_own(client):
    with ThreadPoolExecutor(16) as pool:
        bodies = [str(n) * 500 for n in range(200)]
        told = list(pool.map(lambda body: client.post("/", content=body.encode()).json()["body"], bodies))
    assert told == bodies


def scope(**more):
    plain = {
        "server": "127.0.0.1:80", "client": "192.0.2.1:4000", "method": "GET", "path": "/", "query_string": "",
        "http_version": "1.1", "scheme": "http", "authority": None, "headers": {},
    }  # fmt: skip
    return SimpleNamespace(**plain | more)


def test_headers_that_come_twice_are_joined_as_their_kind_wants():
    twice = [("cookie", "a=1"), ("cookie", "b=2"), ("accept", "x"), ("accept", "y"), ("content-type", "text/plain")]
    environ = environ_of(scope(headers=SimpleNamespace(items=lambda: twice)))
    assert (environ["HTTP_COOKIE"], environ["HTTP_ACCEPT"], environ["CONTENT_TYPE"]) == (
        "a=1; b=2",
        "x,y",
        "text/plain",
    )


@pytest.mark.parametrize("client", ["[::1]:4000", "::1:4000"])
def test_an_address_of_version_six_has_no_brackets(client):
    environ = environ_of(scope(client=client, server="[::]:8000"))
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("::1", "::", "8000")


def test_in_http_2_the_host_stands_elsewhere():
    assert environ_of(scope(authority="a.example", http_version="2"))["HTTP_HOST"] == "a.example"
    assert environ_of(scope(authority="a.example", headers={"host": "a.example"}))["HTTP_HOST"] == "a.example"
