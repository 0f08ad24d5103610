"""Where this installation may reach, inside its own network."""

from collections.abc import Iterator
from ipaddress import ip_address

from django.conf import settings

from winnow.egress.addresses import Allowance
from winnow.unsafe.refusals import refuses

# Wider than these is not "a network of one's own".
WIDEST = {4: 8, 6: 16}
# The machine's own secrets, handed out by clouds to whatever asks from within.
METADATA = tuple(map(ip_address, ("169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254")))


@refuses("E010", "WINNOW_EGRESS_ALLOW", "mend that entry, or leave it out")
def _allowance_is_none() -> Iterator[str]:
    try:
        Allowance.parse(settings.EGRESS_ALLOW)
    except ValueError as error:
        yield str(error)


@refuses("E011", "WINNOW_EGRESS_ALLOW", "name the networks of your own that hold your feeds")
def _allowance_is_everything() -> Iterator[str]:
    for network in _allowed().networks:
        if network.prefixlen < WIDEST[network.version]:
            yield f"{network} takes the guard of addresses away"


@refuses("E012", "WINNOW_EGRESS_ALLOW", "name the hosts that you mean, without that address")
def _allowance_of_metadata() -> Iterator[str]:
    allowed = _allowed()
    for address in METADATA:
        is_within = any(address in network for network in allowed.networks if network.version == address.version)
        if is_within or any(host == str(address) for host, _port in allowed.endpoints):
            yield f"it opens {address}, where clouds hand out the secrets of a machine"


def _allowed() -> Allowance:
    """What the guard lets through; nothing where it cannot be read, which is a refusal of its own."""
    try:
        return Allowance.parse(settings.EGRESS_ALLOW)
    except ValueError:
        return Allowance()
