"""The client against servers that behave; those that do not are in `test_hostile_servers.py`."""

import gzip
import time

import pytest
from tests.egress.refusal import refused

from winnow.core.errors import FetchError
from winnow.egress.addresses import Allowance
from winnow.egress.client import Client, Limits


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
    with pytest.raises(FetchError, match="redirects what is posted"):
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


def test_bytes_are_posted_as_they_are_and_redirected_nowhere(serve, respond, client):
    server = serve(respond(b"", "204 No Content"))
    assert (
        client.post(server.url, b'{"a": 1}', headers={"Content-Type": "application/json", "Winnow-Event": "x"}).status
        == 204
    )
    (request,) = server.requests
    assert (request.startswith("POST / "), "Winnow-Event: x\r\n" in request, request.endswith('{"a": 1}')) == (
        True,
        True,
        True,
    )
    moved = serve(respond(b"", "307 Temporary Redirect", Location=server.url))
    with pytest.raises(FetchError, match="redirects what is posted"):
        client.post(moved.url, b"x", headers={})
    assert len(server.requests) == 1
