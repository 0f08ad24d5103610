import pytest
import ssrfguard
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.errors import FetchError
from winnow.egress.targets import MAX_URL, Target, parse_target


def refusal(url: str) -> str:
    with pytest.raises(FetchError) as caught:
        parse_target(url)
    return caught.value.code


@pytest.mark.parametrize(
    ("url", "target", "normal"),
    [
        ("http://example.com", Target("http", "example.com", 80, "/"), "http://example.com/"),
        ("HTTPS://Example.COM:443/a?b=c#d", Target("https", "example.com", 443, "/a?b=c"), "https://example.com/a?b=c"),
        ("http://example.com.:8080/", Target("http", "example.com", 8080, "/"), "http://example.com:8080/"),
        ("http://8.8.8.8/x", Target("http", "8.8.8.8", 80, "/x"), "http://8.8.8.8/x"),
        ("http://[2606:4700:0::1111]:81/", Target("http", "2606:4700::1111", 81, "/"), "http://[2606:4700::1111]:81/"),
        (
            "https://bücher.example/ä?ö=1%20x",
            Target("https", "xn--bcher-kva.example", 443, "/%C3%A4?%C3%B6=1%20x"),
            None,
        ),
        ("http://my_blog.example/?", Target("http", "my_blog.example", 80, "/"), "http://my_blog.example/"),
    ],
)
def test_parse_target_reads_ordinary_addresses(url, target, normal):
    parsed = parse_target(url)
    assert parsed == target
    assert normal in (None, parsed.url)
    assert parse_target(parsed.url) == parsed


@pytest.mark.parametrize(
    "host", ["127.1", "127.0.1", "0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "1.2.3.4.5"]
)
def test_f1_disguised_ipv4_is_a_blocked_address(host):
    assert refusal(f"http://{host}/") == "blocked_address"


@pytest.mark.parametrize(
    "url",
    [
        "http://good@127.0.0.1/",
        "http://user:secret@example.com/",
        "http://@example.com/",
        "http://a\\@b.example/",
        "http://exam\tple.com/",
        "http://example.com/\r\nHost: x",
        "http://example.com/\x00",
        "http://a%00.example/",
        "http://１２７.0.0.1/",
        "http://①②⑦.0.0.1/",
        "http://127。0。0。1/",
        "http://%31%32%37.0.0.1/",
        "http://ﬀ.example/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://[1.2.3.4]/",
        "http://[::1",
        "http://a..b/",
        "http://-a.b/",
        " http://example.com/",
        "http:///x",
        "http://",
        "http:/x",
        "http:x",
        "",
        "x",
        f"http://{'a' * 64}.example/",
        f"http://example.com/{'a' * MAX_URL}",
        f"http://{'a.' * 130}example/",
        "http://ex ample.com/",
        "http://☃☃\u200d.x/",
    ],
)
def test_f10_odd_forms_are_refused(url):
    assert refusal(url) == "bad_address"


@pytest.mark.parametrize("port", ["0", "99999", "-1", "x", "8 0", "８０"])
def test_f11_a_port_that_is_none_is_refused(port):
    assert refusal(f"http://example.com:{port}/") == "bad_address"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/",
        "data:text/html,x",
        "javascript:alert(1)",
        "unix:/run/x",
        "//example.com/",
    ],
)
def test_f12_other_schemes_are_refused(url):
    assert refusal(url) == "bad_address"


@given(st.text(st.sampled_from("ab.:/@[]\\%#?0179x \t-①é"), max_size=24))
def test_parse_target_allows_no_address_that_the_oracle_cannot_read(rest):
    url = f"http://{rest}"
    try:
        target = parse_target(url)
    except FetchError:
        return
    policy = ssrfguard.Policy(allowed_ports=frozenset(range(1, 65536)), denied_networks=ssrfguard.AddressTable(()))
    seen = policy.check_url(url)
    assert (seen.scheme, seen.host.removesuffix("."), seen.port) == target.origin


def test_redirected_joins_relative_locations_and_encodes_what_is_not_ascii():
    start = parse_target("https://example.com/a/b?c")
    locations = [b"d", b"/d?e=f", b"//other.example/x", "/ä b".encode(), b"?q", b"https://other.example:8443/#top"]
    assert [start.redirected(location).url for location in locations] == [
        "https://example.com/a/d",
        "https://example.com/d?e=f",
        "https://other.example/x",
        "https://example.com/%C3%A4%20b",
        "https://example.com/a/b?q",
        "https://other.example:8443/",
    ]


@pytest.mark.parametrize(
    "location", [b"file:///etc/passwd", b"http://a@b.example/", b"http://[::1", b"\\\\b.example\\x", b"gopher://x/"]
)
def test_f7_a_redirect_to_an_odd_form_is_refused(location):
    with pytest.raises(FetchError) as caught:
        parse_target("http://example.com/").redirected(location)
    assert caught.value.code == "bad_address"


def test_f9_a_redirect_from_https_down_to_http_is_refused():
    with pytest.raises(FetchError, match="from https down to http"):
        parse_target("https://example.com/").redirected(b"http://example.com/")


def test_a_redirect_without_a_location_is_no_proper_http():
    with pytest.raises(FetchError) as caught:
        parse_target("http://example.com/").redirected(b"")
    assert caught.value.code == "protocol"


def test_origin_differs_by_scheme_host_and_port():
    urls = ["http://a.test/", "http://a.test/x", "https://a.test/", "http://b.test/", "http://a.test:81/"]
    assert len({parse_target(url).origin for url in urls}) == 4


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://a b/", "the address is too long, or holds a blank, a control character or a backslash"),
        ("http://[::1", "the address cannot be read"),
        ("ftp://a.test/", "the address does not begin with http:// or https://"),
        ("http://me@a.test/", "the address holds a user name or a password"),
        ("http://a.test:0/", "the address names port 0"),
        ("http://[v1.a]/", "the address in brackets cannot be read"),
        ("http://[fe80::1%eth0]/", "the address in brackets names a network interface"),
        ("http://a..b/", "the address names no host that can be looked up"),
        ("http://☃☃\u200d.x/", "the address names no host that can be looked up"),
        ("http://①.test/", "the address names a host in look-alike characters"),
        ("http://127.1/", "the address hides an IPv4 address behind an unusual notation"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_in_whole_words(url, said):
    with pytest.raises(FetchError) as caught:
        parse_target(url)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("location", "said"),
    [
        (b"", "the server redirects without saying where to"),
        (b"//[::1", "the redirect leads to an address that cannot be read"),
        (b"http://a.test/", "the redirect leads from https down to http"),
    ],
)
def test_what_is_wrong_with_a_redirect_is_said_in_whole_words(location, said):
    with pytest.raises(FetchError) as caught:
        parse_target("https://a.test/").redirected(location)
    assert (str(caught.value), caught.value.code) == (said, "protocol" if not location else "bad_address")


def test_an_address_may_have_8192_characters():
    start = "http://example.com/"
    assert parse_target(start + "a" * (8192 - len(start))).path.endswith("a")
    assert refusal(start + "a" * (8193 - len(start))) == "bad_address"


def test_authority_names_a_port_that_is_not_the_usual_one_and_brackets_what_has_colons():
    urls = ["http://a.test:80/", "https://a.test:443/", "http://a.test:443/", "https://[2606:4700::1]:80/"]
    assert [parse_target(url).authority for url in urls] == ["a.test", "a.test", "a.test:443", "[2606:4700::1]:80"]


def test_http_may_lead_to_http_and_up_to_https():
    start = parse_target("http://a.test/")
    assert [start.redirected(to).scheme for to in (b"http://b.test/", b"https://b.test/")] == ["http", "https"]
