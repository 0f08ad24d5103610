"""The one door to the network of this process."""

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from winnow.egress.addresses import Allowance
from winnow.egress.client import Client


@lru_cache(maxsize=1)
def client() -> Client:
    """The door to the network, one for all of a process."""
    try:
        return Client(Allowance.parse(settings.EGRESS_ALLOW))
    except ValueError as error:
        raise ImproperlyConfigured(f"WINNOW_EGRESS_ALLOW: {error}") from error
