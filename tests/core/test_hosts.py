"""Where a host is, as far as its name or number says."""

import pytest

from winnow.core.hosts import is_here, is_own


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "[::1]", "localhost", "db.localhost"])
def test_this_machine_is_here_and_of_ones_own(host):
    assert (is_here(host), is_own(host)) == (True, True)


@pytest.mark.parametrize("host", ["10.1.2.3", "192.168.0.7", "[fd00::5]", "db", "db.internal", "db.home.arpa"])
def test_a_neighbour_is_of_ones_own_and_not_here(host):
    assert (is_here(host), is_own(host)) == (False, True)


@pytest.mark.parametrize("host", ["8.8.8.8", "[2606:4700::1]", "db.example.org", "localhost.example.org"])
def test_others_are_neither(host):
    assert (is_here(host), is_own(host)) == (False, False)
