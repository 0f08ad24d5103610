"""The one client of a process, and what it may never ask."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from winnow.core.errors import FetchError
from winnow.services.network import client, own_hosts


@pytest.fixture(autouse=True)
def fresh():
    client.cache_clear()
    yield
    client.cache_clear()


@pytest.mark.parametrize(
    ("base", "allowed", "own"),
    [
        ("http://127.0.0.1:8000", ["127.0.0.1", "localhost", "[::1]"], {"127.0.0.1:8000", "localhost:8000", "::1:8000"}),
        ("https://Winnow.example.org", ["Winnow.example.org", ".wide.test", "*", ""], {"winnow.example.org", "wide.test"}),
    ],
)  # fmt: skip
def test_own_names_are_those_of_the_settings(settings, base, allowed, own):
    settings.BASE_URL, settings.ALLOWED_HOSTS = base, allowed
    assert own_hosts() == own


@pytest.mark.parametrize(
    "address", ["https://winnow.example.org/recent.rss", "http://winnow.example.org:8080/", "http://localhost:443/"]
)
def test_f27_this_site_itself_is_never_asked(settings, address):
    settings.BASE_URL = "https://winnow.example.org"
    settings.ALLOWED_HOSTS = ["winnow.example.org", "localhost"]
    settings.EGRESS_ALLOW = "127.0.0.0/8, winnow.example.org:8080"
    with pytest.raises(FetchError, match="this site itself") as caught:
        client().fetch(address)
    assert caught.value.code == "blocked_address"


def test_an_allowance_that_cannot_be_read_is_a_fault_of_the_settings(settings):
    settings.EGRESS_ALLOW = "everything"
    with pytest.raises(ImproperlyConfigured, match="WINNOW_EGRESS_ALLOW"):
        client()
