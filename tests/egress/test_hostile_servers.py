"""The client against servers that do not behave: whatever they send, it ends by itself (cases F13 to F18)."""

import gzip
import resource
import socket
import time
import tracemalloc

import pytest
from tests.egress.refusal import PATIENCE, refused


def endless(first: bytes, piece: bytes, pause: float = 0.0):
    def send(connection: socket.socket):
        connection.sendall(first)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return send


def test_f13_gzip_bomb_is_cut(client, serve, respond):
    bomb = gzip.compress(b"\0" * 100_000_000, 9)
    server = serve(respond(bomb, Content_Encoding="gzip"))
    tracemalloc.start()
    assert refused(client, server.url).code == "too_large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip\r\nContent-Encoding: gzip", "br", "deflate"])
def test_f14_stacked_or_unknown_encoding_is_refused(client, serve, respond, encoding):
    assert refused(client, serve(respond(gzip.compress(b"x"), Content_Encoding=encoding)).url).code == "encoding"


def test_f15_endless_chunked_body_is_cut_at_the_cap(client, serve):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert refused(client, serve(endless(head, b"400\r\n" + b"x" * 1024 + b"\r\n")).url).code == "too_large"


def test_f15_endless_framing_around_little_content_is_cut_at_the_cap(client, serve):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert refused(client, serve(endless(head, b"1;" + b"y" * 4000 + b"\r\nx\r\n")).url).code == "too_large"


def test_f15_endless_body_without_a_length_is_cut_at_the_cap(client, serve):
    assert refused(client, serve(endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536)).url).code == "too_large"


def test_f16_drip_of_a_body_is_cut_at_the_deadline(client, serve):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    assert refused(client, serve(endless(head, b"x", 0.2)).url).code == "timeout"


def test_f16_drip_of_headers_is_cut_at_the_deadline(client, serve):
    assert refused(client, serve(endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.2)).url).code == "timeout"


def test_f16_drip_of_redirects_shares_one_deadline(client, serve, respond):
    def slow(connection):
        time.sleep(0.7)
        respond(b"", "302 Found", Location="/")(connection)

    assert refused(client, serve(slow).url).code == "timeout"


def test_f16_silence_is_cut_at_the_deadline(client, serve):
    assert refused(client, serve(lambda _connection: time.sleep(PATIENCE)).url).code == "timeout"


def test_f16_silence_before_tls_is_cut_at_the_deadline(client, serve):
    server = serve(lambda _connection: time.sleep(PATIENCE))
    assert refused(client, server.url.replace("http:", "https:")).code == "timeout"


def test_a_deadline_of_the_caller_is_shared_by_its_requests(client, serve):
    server = serve(lambda _connection: time.sleep(PATIENCE))
    started = time.monotonic()
    codes = [refused(client, server.url, deadline=started + 0.5).code for _ in range(3)]
    assert codes == ["timeout"] * 3
    assert time.monotonic() - started < 1.4


def test_f17_flood_of_headers_is_cut_without_growth(client, serve):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    server = serve(endless(b"HTTP/1.1 200 OK\r\n", b"X-Flood: y\r\n" * 1000))
    assert refused(client, server.url).code == "protocol"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_f17_many_small_headers_are_refused(client, serve):
    head = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(500)) + b"\r\n"
    assert refused(client, serve(lambda connection: connection.sendall(head)).url).code == "protocol"


def test_f17_endless_interim_answers_are_cut(client, serve):
    assert refused(client, serve(endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)).url).code == "too_large"


def test_f18_body_shorter_than_promised_is_an_error(client, serve):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort"
    assert refused(client, serve(lambda connection: connection.sendall(head)).url).code == "protocol"


def test_f18_tail_beyond_the_promised_length_is_ignored(client, serve):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\nsmuggled"
    server = serve(lambda connection: connection.sendall(head))
    assert [client.fetch(server.url).body for _ in range(2)] == [b"hello", b"hello"]
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff\x00",
        b"SSH-2.0-server\r\n",
        b"HTTP/1.1 200 OK\r\nbroken",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_an_answer_that_is_no_http_is_typed(client, serve, answer):
    assert refused(client, serve(lambda connection: connection.sendall(answer)).url).code == "protocol"


def test_a_connection_that_is_reset_is_typed(client, serve):
    def reset(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    assert refused(client, serve(reset).url).code == "connect"
