"""The corpus of forbidden addresses: each as a direct address and as the target of a redirect, without one connect."""

import socket

import pytest

from winnow.core.errors import FetchError
from winnow.egress.addresses import Allowance
from winnow.egress.client import Client, Limits

# fmt: off
HOSTS = {
    "f1": [
        "127.0.0.1", "127.0.0.1.", "127.255.255.254", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001",
        "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0x7f.1", "3232235777",
    ],
    "f2": [
        "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]",
        "[::127.0.0.1]", "[::ffff:169.254.169.254]", "[::7f00:1]", "[::ffff:0:127.0.0.1]", "[::ffff:0:a9fe:a9fe]",
        "[::8.8.8.8]",
    ],
    "f3": [
        "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
        "[2002:a9fe:a9fe::1]", "[2002:c0a8:101::1]", "[2001::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
        "[2001:2::1]", "[2001:10::1]", "[2001:20::1]", "[2001:db8::1]", "[fec0::1]", "[3fff::1]", "[5f00::1]",
        "[100::1]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[ff0e::1]", "[2620:4f:8000::1]",
        "[4000::1]", "[8000::1]",
    ],
    "f4": ["169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200", "[fd00:ec2::254]"],
    "blocks": [
        "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "172.16.0.1", "172.31.255.255",
        "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1",
        "192.168.255.255", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    ],
}
URLS = {
    "f10": [
        "http://good@127.0.0.1/", "http://user:x@8.8.8.8/", "http://8.8.8.8:80@127.0.0.1/", "http://127.0.0.1#@good.test/",
        "http://127.0.0.1\\@good.test/", "http://good.test\\@127.0.0.1/", "http://127.0.0.1%00.good.test/",
        "http://１２７.0.0.1/", "http://①②⑦.0.0.1/", "http://127。0。0。1/", "http://%31%32%37.0.0.1/",
        "http://[fe80::1%25eth0]/",
    ],
    "f11": [f"http://8.8.8.8:{port}/" for port in (22, 25, 6379, 8080, 0, 99999)],
    "f12": [
        "file:///etc/passwd", "ftp://8.8.8.8/", "data:text/html,x", "javascript:alert(1)", "unix:/run/x",
        "gopher://8.8.8.8/",
    ],
}
# fmt: on
ANSWERS = {
    "private": ["10.0.0.1"],
    "loopback": ["127.0.0.1"],
    "loopback6": ["::1"],
    "unspecified6": ["::"],
    "metadata": ["169.254.169.254"],
    "public-first": ["8.8.8.8", "127.0.0.1"],
    "private-first": ["127.0.0.1", "8.8.8.8"],
    "last-of-many": ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "192.168.0.1"],
    "mapped": ["::ffff:127.0.0.1"],
    "siit": ["::ffff:0:127.0.0.1"],
    "nat64": ["64:ff9b::7f00:1"],
    "six-to-four": ["8.8.8.8", "2002:7f00:1::1"],
    "link-local": ["fe80::1%1"],
    "unique-local": ["2606:4700::1111", "fd00::1"],
}
VECTORS = [
    *(f"http://{host}/" for hosts in HOSTS.values() for host in hosts),
    *(url for urls in URLS.values() for url in urls),
    *(f"http://{name}.test/" for name in ANSWERS),
]


@pytest.fixture
def resolver(names):
    names.update({f"{name}.test": addresses for name, addresses in ANSWERS.items()})
    return names


def code_of(client: Client, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        client.fetch(url)
    return caught.value.code


def expected(url: str) -> str:
    is_odd = url in URLS["f10"] + URLS["f12"] or url.endswith((":0/", ":99999/"))
    return "bad_address" if is_odd and "#" not in url else "blocked_address"


def test_the_corpus_is_no_smaller_than_promised():
    assert len(VECTORS) == len(set(VECTORS)) >= 96


@pytest.mark.parametrize("url", VECTORS)
@pytest.mark.usefixtures("resolver")
def test_f1_to_f12_forbidden_address_is_refused_without_a_connect(url, connects):
    assert (code_of(Client(), url), connects) == (expected(url), [])


@pytest.mark.parametrize("url", VECTORS)
@pytest.mark.usefixtures("resolver")
def test_f7_forbidden_target_of_a_redirect_is_refused_without_a_connect(url, connects, serve, respond):
    location = url.encode().decode("latin-1")
    server = serve(respond(status="302 Found", Location=location))
    client = Client(Allowance.parse(f"127.0.0.1:{server.port}"))
    assert (code_of(client, server.url), connects, len(server.requests)) == (expected(url), [], 1)


def test_f5_answers_are_judged_together(names, connects):
    names["mixed.test"] = ["8.8.8.8", "10.0.0.1"]
    names["public.test"] = ["8.8.8.8", "2606:4700::1111"]
    client = Client(limits=Limits(interval=0))
    assert [code_of(client, f"http://{name}.test/") for name in ("mixed", "public")] == ["blocked_address", "connect"]
    assert connects == [("8.8.8.8", 80), ("2606:4700::1111", 80)]


def test_f6_rebinding_name_never_leads_to_a_private_connect(monkeypatch, connects):
    asked = 0

    def rebind(_host, port, *_args, **_options):
        nonlocal asked
        asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (("8.8.8.8", "127.0.0.1")[asked % 2], port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    client = Client(limits=Limits(interval=0))
    codes = [code_of(client, "http://rebinding.test/") for _ in range(1000)]
    assert (codes.count("blocked_address"), codes.count("connect")) == (500, 500)
    assert (set(connects), len(connects), asked) == ({("8.8.8.8", 80)}, 500, 1000)


def test_f21_proxies_and_passwords_of_the_environment_are_ignored(monkeypatch, tmp_path, serve, respond, client):
    proxy, server = serve(respond(b"proxy")), serve(respond(b"direct"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.setenv("NO_PROXY", "")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login user password secret")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    assert client.fetch(server.url).body == b"direct"
    assert proxy.requests == []
    assert "authorization" not in server.requests[0].lower()
