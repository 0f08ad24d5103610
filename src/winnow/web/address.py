"""From where a visitor comes, as far as it can be believed."""

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

IPV6_PREFIX = 64
# Reading one takes longer than all else that is done about an address, and the same come again and again.
MAX_REMEMBERED = 4_096
LONGEST = 64
UNKNOWN = "unknown"


def address_of(request: HttpRequest) -> str:
    """The visitor's address; of IPv6 the network, because one visitor has all of it.

    X-Forwarded-For is believed as far back as the operator said that proxies of their own write it
    (`WINNOW_TRUSTED_PROXIES`); what stands before that, anybody can have written.
    """
    return address_told(request.headers.get("X-Forwarded-For", ""), request.META.get("REMOTE_ADDR", ""))


def address_told(forwarded: str, remote: str) -> str:
    """The same, of the header X-Forwarded-For and the address that the connection comes from."""
    hops = [part.strip() for part in forwarded.split(",") if part.strip()]
    n_proxies = settings.TRUSTED_PROXIES
    told = hops[-n_proxies] if 0 < n_proxies <= len(hops) else remote
    return _read(told) if len(told) <= LONGEST else UNKNOWN


@lru_cache(maxsize=MAX_REMEMBERED)
def _read(told: str) -> str:
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)
