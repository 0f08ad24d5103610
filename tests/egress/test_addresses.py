from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
import ssrfguard
from hypothesis import given
from hypothesis import strategies as st

from winnow.egress import addresses
from winnow.egress.addresses import Allowance, is_numeric, is_public

ORACLE = ssrfguard.Policy()


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.0",
        "168.63.129.15",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "11.0.0.0",
        "128.0.0.0",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "2001:200::1",
        "2a00:1450::1",
        "2003::1",
        "3ffe::1",
        "2620:4f:8001::1",
    ],
)
def test_is_public_holds_for_ordinary_addresses_and_beside_every_block(address):
    assert is_public(ip_address(address)) is True


@pytest.mark.parametrize("block", sorted(map(str, addresses._NOT_PUBLIC_4 + addresses._NOT_PUBLIC_6)))
def test_neither_end_of_a_block_is_public(block):
    network = ip_network(block)
    assert not is_public(network[0])
    assert not is_public(network[-1])


@pytest.mark.parametrize(
    "address", ["::", "::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "fd00::1", "fe80::1", "ff02::1"]
)
def test_what_is_no_global_unicast_is_not_public(address):
    assert not is_public(ip_address(address))


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_is_public_allows_no_ipv4_address_that_the_oracle_refuses(address):
    assert not is_public(address) or ORACLE.permits_address(address)


# Plain integers would hardly ever fall into a block: the first hextets are drawn from where the blocks are.
@given(
    st.sampled_from(
        [0, 0x64, 0x100, 0x2000, 0x2001, 0x2002, 0x2606, 0x2620, 0x3FFF, 0x5F00, 0xFC00, 0xFE80, 0xFEC0, 0xFF02]
    ),
    st.sampled_from([0, 1, 2, 3, 4, 0x10, 0x20, 0x30, 0x4F, 0xDB8, 0xFF9B, 0x4860, 0x7F00]),
    st.integers(0, 2**96 - 1) | st.sampled_from([0x7F000001, 0xFFFF7F000001, 0xFFFF00007F000001]),
)
def test_is_public_allows_no_ipv6_address_that_the_oracle_refuses(first, second, rest):
    address = IPv6Address(first << 112 | second << 96 | rest)
    assert not is_public(address) or ORACLE.permits_address(address)


def test_permits_public_addresses_on_two_ports_alone_when_nothing_is_opened():
    public = ip_address("8.8.8.8")
    allowed = [port for port in (0, 22, 25, 80, 443, 6379, 8080) if Allowance().permits("dns.test", public, port)]
    assert allowed == [80, 443]


def test_permits_every_port_of_an_opened_network_and_nothing_beside_it():
    allowance = Allowance.parse("127.0.0.0/8, fd00::/8")
    asked = ["127.0.0.1", "127.9.9.9", "fd00::1", "126.0.0.1", "10.0.0.1", "::1", "::ffff:127.0.0.1"]
    answers = [allowance.permits("x.test", ip_address(address), 9999) for address in asked]
    assert answers == [True, True, True, False, False, False, False]


def test_permits_one_port_of_an_opened_address():
    allowance = Allowance.parse("10.0.0.1:3000,[::1]:8080")
    asked = [("10.0.0.1", 3000), ("10.0.0.1", 80), ("10.0.0.2", 3000), ("::1", 8080), ("::1", 80)]
    answers = [allowance.permits("x.test", ip_address(address), port) for address, port in asked]
    assert answers == [True, False, False, True, False]


def test_permits_an_opened_name_on_its_port_wherever_it_leads():
    allowance = Allowance.parse("Feeds.lan:8080")
    asked = [("feeds.lan", 8080), ("FEEDS.LAN", 8080), ("feeds.lan", 80), ("other.lan", 8080)]
    answers = [allowance.permits(host, ip_address("10.0.0.1"), port) for host, port in asked]
    assert answers == [True, True, False, False]


def test_describe_lists_what_is_opened():
    allowance = Allowance.parse("10.0.0.0/8, 127.0.0.1, feeds.lan:8080,[0:0::1]:3000,")
    assert allowance.describe() == (
        "10.0.0.0/8 on every port",
        "127.0.0.1/32 on every port",
        "::1 on port 3000",
        "feeds.lan on port 8080",
    )


def test_parse_of_nothing_opens_nothing():
    assert Allowance.parse(" , ") == Allowance()


@pytest.mark.parametrize(
    "entry",
    [
        "feeds.lan",
        "http://feeds.lan",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "feeds.lan:0",
        "feeds.lan:65536",
        "feeds.lan:http",
        "::1:8080:x",
        "[::1]",
        "[zz]:80",
        "300.1.1.1:80",
        "0x7f.1:80",
        "*:80",
        "a b:80",
        "user@host:80",
    ],
)
def test_parse_refuses_what_is_neither_network_nor_endpoint(entry):
    with pytest.raises(ValueError, match="is neither a network such as") as caught:
        Allowance.parse(f"127.0.0.0/8,{entry}")
    told = "is neither a network such as 10.0.0.0/8 nor host:port such as feeds.lan:8080 or [::1]:8080"
    assert str(caught.value) == f"{entry!r} {told}"


def test_parse_takes_the_first_and_the_last_port():
    opened = Allowance.parse("feeds.lan:1,feeds.lan:65535")
    assert opened.endpoints == {("feeds.lan", 1), ("feeds.lan", 65535)}


def test_is_numeric_tells_hosts_that_resolvers_read_as_addresses():
    hosts = ["127.1", "0", "0x7f000001", "0177.0.0.1", "a.1", "1.2.3.4.", "1a", "x0", "a.b", "0xg", "example.com"]
    assert [is_numeric(host) for host in hosts] == [True] * 6 + [False] * 5
