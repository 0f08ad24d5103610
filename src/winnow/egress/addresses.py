"""Which addresses may be connected to: what is public, and what the operator opened besides.

The question is always asked of the address that is about to be connected to, never of a name.
Sources: the IANA special-purpose registries for IPv4 and IPv6, and the metadata services of clouds.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PUBLIC_PORTS = frozenset({80, 443})

_NOT_PUBLIC_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; holds the metadata service 100.100.100.200
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's host service under an address that looks public
        "169.254.0.0/16",  # link-local; holds the metadata service 169.254.169.254
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # multicast tunnelling
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Everything else is not global unicast: loopback, local, multicast, and the forms that carry an IPv4
# address inside (mapped, compatible, SIIT, NAT64).
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments; Teredo carries IPv4 addresses inside
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address inside
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_ENDPOINT = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<host>[A-Za-z0-9_.-]+)):(?P<port>[0-9]{1,5})")
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?")


def is_public(address: Address) -> bool:
    """Whether an address is an ordinary one of the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _NOT_PUBLIC_4)
    return address in _GLOBAL_UNICAST and not any(address in block for block in _NOT_PUBLIC_6)


def is_numeric(host: str) -> bool:
    """Whether a host ends in a number: resolvers read such a host as an IPv4 address in some notation."""
    return _NUMERIC.fullmatch(host) is not None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the operator opened: every port of a network, or one port of one host (a name or an address)."""

    networks: tuple[Network, ...] = ()
    endpoints: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "Allowance":
        """Read `network, host:port, [address]:port, ...`; an entry that is none of them raises ValueError.

        >>> Allowance.parse("127.0.0.0/8, [::1]:8080").describe()
        ('127.0.0.0/8 on every port', '::1 on port 8080')
        """
        networks: list[Network] = []
        endpoints: set[tuple[str, int]] = set()
        for entry in filter(None, (part.strip() for part in text.split(","))):
            if (endpoint := _endpoint(entry)) is not None:
                endpoints.add(endpoint)
            else:
                networks.append(_network(entry))
        return cls(tuple(networks), frozenset(endpoints))

    def permits(self, host: str, address: Address, port: int) -> bool:
        """Whether a connection to `address` on `port` may be made on behalf of a URL that names `host`."""
        if any(address in network for network in self.networks):
            return True
        if {(host.lower(), port), (str(address), port)} & self.endpoints:
            return True
        return port in PUBLIC_PORTS and is_public(address)

    def describe(self) -> tuple[str, ...]:
        """One phrase for each thing opened; empty where nothing is."""
        opened = tuple(f"{network} on every port" for network in self.networks)
        return opened + tuple(f"{host} on port {port}" for host, port in sorted(self.endpoints))


def _endpoint(entry: str) -> tuple[str, int] | None:
    match = _ENDPOINT.fullmatch(entry)
    if match is None or not 0 < int(match["port"]) < 65536:
        return None
    host: str = match["six"] or match["host"]
    if match["six"] or is_numeric(host):
        try:
            host = str(ip_address(host))
        except ValueError:
            return None
    return host.lower(), int(match["port"])


def _network(entry: str) -> Network:
    try:
        return ip_network(entry)
    except ValueError as error:
        raise ValueError(
            f"{entry!r} is neither a network such as 10.0.0.0/8 nor host:port such as feeds.lan:8080 or [::1]:8080"
        ) from error
