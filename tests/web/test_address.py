"""From where a visitor comes, as far as it can be believed."""

import pytest

from winnow.web.address import address_of


@pytest.fixture
def told(rf):
    def told(peer, forwarded=""):
        headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
        return address_of(rf.get("/", REMOTE_ADDR=peer, **headers))

    return told


def test_without_proxies_the_peer_is_the_visitor_whatever_a_header_says(told):
    assert told("192.0.2.1", "198.51.100.7") == "192.0.2.1"


@pytest.mark.parametrize(
    ("n", "forwarded", "address"),
    [
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7 , 192.0.2.2", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_behind_proxies_only_what_they_wrote_is_believed(told, settings, n, forwarded, address):
    settings.TRUSTED_PROXIES = n
    assert told("192.0.2.1", forwarded) == address


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_one_visitor_has_one_name(told, peer, address):
    assert told(peer) == address
