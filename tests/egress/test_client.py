"""The client against servers that behave, and against those that do not (cases F8 to F25)."""

import gzip
import resource
import socket
import time
import tracemalloc

import pytest

from winnow.core.errors import FetchError
from winnow.egress.addresses import Allowance
from winnow.egress.client import Client, Limits

# Far beyond the deadline of the `client` fixture (1.5 s), and a test that hangs is seen.
PATIENCE = 4.0


def refused(client: Client, url: str, **options) -> FetchError:
    started = time.monotonic()
    with pytest.raises(FetchError) as caught:
        client.fetch(url, **options)
    assert time.monotonic() - started < PATIENCE
    return caught.value


def endless(first: bytes, piece: bytes, pause: float = 0.0):
    def send(connection: socket.socket):
        connection.sendall(first)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return send


def test_fetch_returns_body_headers_and_address(client, serve, respond):
    server = serve(respond(b"<rss/>", Content_Type="text/xml", ETag='"1"', X_Twice="a\r\nX-Twice: b"))
    response = client.fetch(server.url + "feed?x=1#top")
    assert (response.status, response.url, response.body) == (200, server.url + "feed?x=1", b"<rss/>")
    assert dict(response.headers) == {
        "content-length": "6",
        "content-type": "text/xml",
        "etag": '"1"',
        "x-twice": "a, b",
    }
    assert response.moved_to == ""


def test_fetch_asks_politely_and_plainly(client, serve, respond):
    server = serve(respond())
    client.fetch(server.url, headers={"accept": "application/json", "Authorization": "Bearer x"})
    lines = server.requests[0].strip().split("\r\n")
    assert lines[0] == "GET / HTTP/1.1"
    assert sorted(lines[1:]) == [
        "Accept-Encoding: gzip",
        "Accept: application/json",
        "Authorization: Bearer x",
        "Connection: close",
        f"Host: 127.0.0.1:{server.port}",
        "User-Agent: Winnow/0.1.0",
    ]


def test_fetch_unpacks_gzip(client, serve, respond):
    assert client.fetch(serve(respond(gzip.compress(b"x" * 9999), Content_Encoding="gzip")).url).body == b"x" * 9999


def test_fetch_sends_validators_and_takes_not_modified_for_an_answer(client, serve, respond):
    server = serve(respond(b"", "304 Not Modified", ETag='"2"'))
    response = client.fetch(server.url, etag='"1"', last_modified="yesterday")
    assert (response.status, response.body, response.headers["etag"]) == (304, b"", '"2"')
    assert 'If-None-Match: "1"\r\nIf-Modified-Since: yesterday\r\n' in server.requests[0]


def test_f23_hostile_validators_are_not_sent(client, serve, respond):
    server = serve(respond())
    client.fetch(server.url, etag="x" * 65_536, last_modified="a\r\nX-Evil: 1")
    assert "If-" not in server.requests[0]
    assert "X-Evil" not in server.requests[0]


@pytest.mark.parametrize(
    "status", ["400 Bad", "403 Forbidden", "404 Not Found", "410 Gone", "500 Oops", "503 Busy", "300 Choices"]
)
def test_an_error_of_the_server_is_typed_and_silent_about_its_words(client, serve, respond, status):
    error = refused(client, serve(respond(b"<b>secret of 10.0.0.1</b>", status)).url)
    assert (error.code, str(error), error.retry_after) == ("status", f"the server answered {status[:3]}", None)


@pytest.mark.parametrize(("value", "seconds"), [("120", 120.0), ("1000000000", 86_400.0), ("-1", 60.0), ("soon", 60.0)])
def test_f22_retry_after_comes_clamped_with_the_error(client, serve, respond, value, seconds):
    error = refused(client, serve(respond(b"", "429 Too Many Requests", Retry_After=value)).url)
    assert (error.code, error.retry_after) == ("status", seconds)


@pytest.mark.parametrize(
    ("statuses", "is_moved"),
    [([301], True), ([308, 301], True), ([302], False), ([301, 307], False), ([303, 308], False)],
)
def test_f25_moved_to_is_named_only_after_permanent_redirects(client, serve, respond, statuses, is_moved):
    server = target = serve(respond(b"here"))
    for status in reversed(statuses):
        server = serve(respond(b"", f"{status} Elsewhere", Location=server.url))
    response = client.fetch(server.url)
    assert (response.body, response.url, response.moved_to) == (b"here", target.url, target.url if is_moved else "")


def test_own_headers_stay_at_the_site_that_they_are_for(client, serve, respond):
    foreign = serve(respond())
    own = serve(respond(b"", "302 Found", Location=foreign.url))
    client.fetch(own.url, headers={"Authorization": "Bearer x"}, etag='"1"')
    assert ["Bearer" in server.requests[0] for server in (own, foreign)] == [True, False]
    assert 'If-None-Match: "1"' in foreign.requests[0]


def test_f8_redirect_loop_is_cut(client, serve, respond):
    server = serve(respond(b"", "301 Moved", Location="/again"))
    assert (refused(client, server.url).code, len(server.requests)) == ("too_many_redirects", 4)


def test_f8_three_redirects_are_followed_and_a_fourth_is_not(client, serve, respond):
    server = serve(respond(b"here"))
    for _ in range(3):
        server = serve(respond(b"", "302 Found", Location=server.url))
    assert client.fetch(server.url).body == b"here"
    assert refused(client, serve(respond(b"", "302 Found", Location=server.url)).url).code == "too_many_redirects"


def test_f9_step_down_from_https_is_refused(serve, respond, certificates):
    plain = serve(respond())
    server = serve(respond(b"", "302 Found", Location=plain.url), certificates.server("good"))
    client = Client(Allowance.parse("127.0.0.0/8"), tls=certificates.trust)
    assert (refused(client, server.url).code, plain.requests) == ("bad_address", [])


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


def test_tls_with_a_good_certificate_is_accepted_by_address_and_by_name(serve, respond, certificates, names):
    server = serve(respond(b"safe"), certificates.server("good"))
    names["good.test"] = ["127.0.0.1"]
    client = Client(Allowance.parse("127.0.0.0/8"), tls=certificates.trust)
    assert client.fetch(server.url).body == b"safe"
    assert client.fetch(server.url.replace("127.0.0.1", "good.test")).body == b"safe"
    assert f"Host: good.test:{server.port}\r\n" in server.requests[1]


@pytest.mark.parametrize("certificate", ["expired", "selfsigned", "other"])
def test_f19_certificate_that_is_expired_self_signed_or_for_another_host_is_refused(
    serve, respond, certificates, certificate
):
    server = serve(respond(), certificates.server(certificate))
    client = Client(Allowance.parse("127.0.0.0/8"), tls=certificates.trust)
    assert (refused(client, server.url).code, server.requests) == ("tls", [])


def test_f19_authority_that_nobody_knows_is_refused_by_default(client, serve, respond, certificates):
    server = serve(respond(), certificates.server("good"))
    assert (refused(client, server.url).code, server.requests) == ("tls", [])


def test_hosts_of_ones_own_network_are_asked_without_a_pause(serve, respond):
    server = serve(respond())
    client = Client(Allowance.parse("127.0.0.0/8"), limits=Limits(interval=60))
    assert [client.fetch(server.url).status for _ in range(3)] == [200, 200, 200]


def test_public_hosts_are_asked_with_a_pause(names, connects):
    names["public.test"] = ["8.8.8.8"]
    client = Client(limits=Limits(interval=60))
    assert [refused(client, "http://public.test/").code for _ in range(2)] == ["connect", "timeout"]
    assert connects == [("8.8.8.8", 80)]


def test_a_message_never_tells_what_the_far_side_said_or_is(client, serve, respond):
    servers = [serve(respond(b"SECRET", "500 SECRET")), serve(respond(b"SECRET", Content_Encoding="SECRET"))]
    servers += [serve(respond(b"", "302 SECRET", Location="ftp://SECRET/"))]
    words = " ".join(str(refused(client, server.url)) for server in servers)
    assert "SECRET" not in words
    assert "127.0.0.1" not in words


def test_a_form_is_posted_with_its_length(serve, respond, client):
    server = serve(respond(b"{}"))
    answer = client.post_form(server.url, {"grant_type": "a b", "x": "&"}, headers={"Authorization": "Basic x"})
    assert (answer.status, answer.body) == (200, b"{}")
    (request,) = server.requests
    assert request.startswith("POST / HTTP/1.1")
    assert "Content-Length: 20\r\n" in request
    assert "Authorization: Basic x\r\n" in request


def test_a_form_is_sent_nowhere_else(serve, respond, client):
    server = serve(respond(b"", "307 Temporary Redirect", Location="/other"))
    with pytest.raises(FetchError, match="redirects a form"):
        client.post_form(server.url, {})
    assert len(server.requests) == 1


def test_f16_fetches_within_one_span_share_its_seconds(serve, client):
    server = serve(lambda stream: time.sleep(5))
    bounded = client.within(0.4)
    started = time.monotonic()
    for _ in range(3):
        with pytest.raises(FetchError) as caught:
            bounded.fetch(server.url)
        assert caught.value.code == "timeout"
    assert time.monotonic() - started < 1.4


def test_f27_this_site_itself_is_refused_by_redirect_too(serve, respond):
    own = serve(respond())
    other = serve(respond(b"", "302 Found", Location=own.url))
    client = Client(Allowance.parse("127.0.0.0/8"), own={f"127.0.0.1:{own.port}"})
    for url in (own.url, other.url):
        with pytest.raises(FetchError, match="this site itself"):
            client.fetch(url)
    assert own.requests == []
