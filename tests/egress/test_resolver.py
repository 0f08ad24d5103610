import socket
from ipaddress import ip_address

import pytest

from winnow.core.errors import FetchError
from winnow.egress.resolver import resolve


@pytest.mark.parametrize("host", ["127.0.0.1", "8.8.8.8", "::1", "2606:4700::1111"])
def test_an_address_is_answered_without_a_look_up(host, names):
    assert (resolve(host, 80, 1.0), names) == ((ip_address(host),), {})


def test_every_answer_is_named_once_in_the_resolvers_order(names):
    names["many.test"] = ["2606:4700::1111", "8.8.8.8", "8.8.8.8", "fe80::1%2"]
    assert resolve("many.test", 80, 1.0) == tuple(map(ip_address, ["2606:4700::1111", "8.8.8.8", "fe80::1%2"]))


def test_the_systems_resolver_is_asked():
    assert {str(address) for address in resolve("localhost", 80, 5.0)} <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("answers", [[], ["not an address"]])
def test_no_answer_and_an_answer_that_is_no_address_are_typed(names, answers):
    names["odd.test"] = answers
    with pytest.raises(FetchError) as caught:
        resolve("odd.test", 80, 1.0)
    assert caught.value.code == "dns"


@pytest.mark.parametrize(
    "error", [socket.gaierror(socket.EAI_AGAIN, "later"), UnicodeError("label too long"), OSError("no network")]
)
def test_f20_errors_of_the_resolver_are_typed_and_silent(monkeypatch, error):
    def fail(*_args, **_options):
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(FetchError, match="^the name of the host leads nowhere$") as caught:
        resolve("x.test", 80, 1.0)
    assert caught.value.code == "dns"
