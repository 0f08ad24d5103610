import socket
import ssl
import struct
import threading
import time

import pytest

from winnow.core.errors import FetchError
from winnow.egress.addresses import Allowance
from winnow.egress.backend import GuardedBackend
from winnow.egress.budget import Budget
from winnow.egress.client import Client, Limits


@pytest.fixture
def budget():
    return Budget(time.monotonic() + 1.0, 1000)


@pytest.fixture
def backend(budget):
    return GuardedBackend(Allowance.parse("127.0.0.0/8,::1/128"), budget, connect_seconds=0.5)


def told(action, *arguments):
    """The code and the words of a refusal."""
    with pytest.raises(FetchError) as caught:
        action(*arguments)
    return caught.value.code, str(caught.value)


def reset(connection):
    """End a connection so that the other side learns of it as an error."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


LOST = ("connect", "the connection was lost")


def refusal(action, *arguments) -> str:
    with pytest.raises(FetchError) as caught:
        action(*arguments)
    return caught.value.code


def test_connects_to_the_next_address_when_the_first_does_not_listen(backend, names, serve, respond):
    server = serve(respond())
    names["two.test"] = ["::1", "127.0.0.1"]
    stream = backend.connect_tcp("two.test", server.port)
    stream.write(b"GET / HTTP/1.1\r\n\r\n")
    assert stream.read(12) == b"HTTP/1.1 200"
    stream.close()
    assert backend.reached_public is False


def test_refuses_a_port_where_nobody_listens(backend):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert refusal(backend.connect_tcp, "127.0.0.1", port) == "connect"


def test_each_address_has_its_share_of_the_time(backend, names, monkeypatch):
    waits = []

    def hang(sock, _address):
        waits.append(sock.gettimeout())
        time.sleep(sock.gettimeout())
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", hang)
    names["slow.test"] = ["127.0.0.1", "127.0.0.2"]
    assert refusal(backend.connect_tcp, "slow.test", 80) == "timeout"
    assert [round(wait, 1) for wait in waits] == [0.2, 0.2]


def test_f20_name_that_is_unknown_is_a_typed_error(backend, names):
    assert (refusal(backend.connect_tcp, "unknown.test", 80), names) == ("dns", {})


def test_f20_look_up_that_hangs_is_cut_and_holds_up_nobody_else(monkeypatch, serve, respond):
    release, server = threading.Event(), serve(respond())

    def look_up(host, port, **_options):
        if host == "hangs.test":
            release.wait(30)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    client = Client(Allowance.parse("127.0.0.0/8"), limits=Limits(total=5, connect=0.3))
    assert refusal(client.fetch, "http://hangs.test/") == "dns"
    assert client.fetch(f"http://well.test:{server.port}/").status == 200
    release.set()


def test_a_drip_is_read_only_until_the_deadline(backend, budget, serve):
    def drip(connection):
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.05)

    stream = backend.connect_tcp("127.0.0.1", serve(drip).port)
    stream.write(b"\r\n\r\n")
    pieces = []
    assert refusal(lambda: [pieces.append(stream.read(100)) for _ in range(100)]) == "timeout"
    assert 5 < len(pieces) < 40
    assert time.monotonic() - budget.deadline < 1
    stream.close()


def test_bytes_are_counted_until_the_budget_is_spent(backend, serve):
    stream = backend.connect_tcp("127.0.0.1", serve(lambda connection: connection.sendall(b"x" * 5000)).port)
    stream.write(b"\r\n\r\n")
    assert refusal(lambda: [stream.read(400) for _ in range(4)]) == "too_large"
    stream.close()


def test_a_write_that_nobody_reads_ends_at_the_deadline(backend, serve):
    stream = backend.connect_tcp("127.0.0.1", serve(lambda _connection: time.sleep(2)).port)
    stream.write(b"\r\n\r\n")
    assert refusal(stream.write, b"x" * 50_000_000) == "timeout"
    stream.close()


def test_until_something_was_reached_it_may_have_been_anything(backend):
    assert backend.reached_public is True


def test_one_address_that_may_not_be_reached_among_others_refuses_all(budget, names, connects):
    names["mixed.test"] = ["8.8.8.8", "10.0.0.1"]
    guarded = GuardedBackend(Allowance(), budget, connect_seconds=0.5)
    said = "the address leads to a network or a port that may not be reached"
    assert told(guarded.connect_tcp, "mixed.test", 80) == ("blocked_address", said)
    assert connects == []


def test_a_public_address_among_those_of_a_name_is_told(backend, names, connects):
    names["mixed.test"] = ["127.0.0.1", "8.8.8.8"]
    said = "no connection to the server could be made"
    assert told(backend.connect_tcp, "mixed.test", 80) == ("connect", said)
    assert backend.reached_public is True
    assert connects == [("127.0.0.1", 80), ("8.8.8.8", 80)]


def test_a_connection_that_the_server_resets_is_lost_to_reading_and_to_writing(backend, serve):
    stream = backend.connect_tcp("127.0.0.1", serve(reset).port)
    stream.write(b"\r\n\r\n")
    assert told(stream.read, 100) == LOST
    assert told(lambda: [stream.write(b"x" * 100_000) for _ in range(100)]) == LOST
    stream.close()


def test_small_pieces_are_sent_at_once_and_a_closed_stream_is_closed(backend, serve, respond):
    stream = backend.connect_tcp("127.0.0.1", serve(respond()).port)
    assert stream._sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    stream.close()
    assert stream._sock.fileno() == -1


def test_a_stream_goes_on_under_tls_and_says_so(backend, serve, respond, certificates):
    plain = backend.connect_tcp("127.0.0.1", serve(respond(), certificates.server("good")).port)
    assert plain.get_extra_info("ssl_object") is None
    stream = plain.start_tls(certificates.trust, "good.test")
    stream.write(b"GET / HTTP/1.1\r\n\r\n")
    assert stream.read(12) == b"HTTP/1.1 200"
    assert isinstance(stream.get_extra_info("ssl_object"), ssl.SSLSocket)
    assert stream.get_extra_info("socket") is None
    stream.close()


def test_a_certificate_for_another_name_is_refused(backend, serve, respond, certificates):
    plain = backend.connect_tcp("127.0.0.1", serve(respond(), certificates.server("other")).port)
    said = "the server could not prove that it is who it says"
    assert told(plain.start_tls, certificates.trust, "good.test") == ("tls", said)
    plain.close()


def test_time_that_was_used_up_by_looking_up_is_not_given_to_connecting(backend, names, monkeypatch):
    waits = []

    def refused(sock, _address):
        waits.append(sock.gettimeout())
        raise ConnectionRefusedError

    def slow(host, port, *_args, **_options):
        time.sleep(0.45)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    assert refusal(backend.connect_tcp, "slow.test", 80) in ("connect", "timeout", "dns")
    assert all(wait < 0.1 for wait in waits)
