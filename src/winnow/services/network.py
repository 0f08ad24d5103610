"""The door to the network for all services: one client a process, with what the operator set."""

from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from winnow.egress.addresses import Allowance
from winnow.egress.client import Client
from winnow.egress.mail import Relay

# What all requests on behalf of one address share; the rest of its 20 s is for parsing.
FETCH_SECONDS = 18.0
_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=1)
def client() -> Client:
    """The door to the network, one for all of a process."""
    try:
        return Client(Allowance.parse(settings.EGRESS_ALLOW), own=own_hosts())
    except ValueError as error:
        raise ImproperlyConfigured(f"WINNOW_EGRESS_ALLOW: {error}") from error


def relay() -> Relay:
    """Where mail is handed over, as the operator set it."""
    told: dict[str, Any] = settings.MAIL_RELAY
    return Relay(**told)


def own_hosts() -> frozenset[str]:
    """The names of this site: its host and the further ones, on every port; of this machine the port of the site alone."""
    parts = urlsplit(settings.BASE_URL)
    port = parts.port or _PORTS[parts.scheme]
    names = (name.strip("[].").lower() for name in settings.ALLOWED_HOSTS)
    return frozenset(f"{name}:{port}" if _is_local(name) else name for name in names if name and name != "*")


def _is_local(name: str) -> bool:
    try:
        return not ip_address(name).is_global
    except ValueError:
        return name == "localhost"
