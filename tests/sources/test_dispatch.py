import pytest

from winnow.core.errors import NotFoundError
from winnow.sources.dispatch import connector_of, connectors, recognise


def test_every_kind_is_found_by_its_name():
    kinds = [connector.kind for connector in connectors()]
    assert len(kinds) == len(set(kinds))
    assert [connector_of(kind).kind for kind in kinds] == kinds


def test_a_kind_that_is_none_is_named_with_those_that_there_are():
    with pytest.raises(NotFoundError, match=r"there is no kind of source 'telex'; there are file, .*feed$"):
        connector_of("telex")


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("./feeds.csv", "file"),
        ("file:///x", "file"),
        ("https://a.test/feed", "feed"),
        ("http://127.0.0.1/", "feed"),
        ("x", "feed"),
    ],
)
def test_an_address_is_taken_by_the_connector_that_knows_it_else_as_a_feed(address, kind):
    assert recognise(address).kind == kind
