"""What a host's name or number says of where it is."""

from ipaddress import ip_address

# Names that no resolver of the public internet answers (RFC 6761, 6762, 8375; `internal` is reserved by ICANN).
OWN_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test")


def is_here(host: str) -> bool:
    """Whether a host is this very machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_own(host: str) -> bool:
    """Whether a host is on a network of one's own: this machine, a private address, a name without a public ending."""
    try:
        return ip_address(host.strip("[]")).is_private
    except ValueError:
        return "." not in host or host.endswith(OWN_ENDINGS)
