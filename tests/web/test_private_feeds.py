"""A feed of one's own selection, under an address that can be revoked."""

import re

import feedparser
import pytest

from winnow.models import PrivateFeed
from winnow.services.readers import follow_tag, mark_item
from winnow.services.saved_searches import save_search


@pytest.fixture
def address(client, send, visit, cast):
    """The address of a reader's new feed, without its ending."""
    send("/my/make", cast.reader)
    found = re.search(r"http://testserver(/my/[\w-]+)\.rss", visit("/search").text)
    client.logout()
    return found[1]


@pytest.fixture
def selection(make_item, tags, cast):
    """A reader follows a tag, keeps a search and hides one work."""
    follow_tag(tag=tags["mlops"], is_on=True, account=cast.reader)
    save_search(q="sparse", account=cast.reader)
    hidden = make_item("Hidden", state="published", tag="mlops")
    mark_item(item=hidden, kind="hide", is_on=True, account=cast.reader)
    make_item("Of the tag", state="published", tag="mlops")
    make_item("Sparse trees", state="published", tag="other")
    make_item("Neither", state="published", tag="other")


@pytest.mark.usefixtures("selection")
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_it_holds_what_is_followed_and_searched_for_and_not_what_is_hidden(client, address, form):
    answer = client.get(f"{address}.{form}")
    found = feedparser.parse(answer.content)
    assert (answer.status_code, found.bozo) == (200, False)
    assert {entry.title for entry in found.entries} == {"Of the tag", "Sparse trees"}
    assert (answer["X-Robots-Tag"], answer["Cache-Control"].split(",")[0]) == ("noindex", "max-age=0")


def test_its_address_is_shown_once_and_kept_as_a_hash(visit, cast, client, address):
    code = address.removeprefix("/my/")
    client.force_login(cast.reader)
    page = visit("/search").text
    assert code not in page
    assert f"ends in {code[-4:]}" in page
    assert code not in PrivateFeed.objects.get().code_sha256


def test_a_revoked_address_leads_nowhere(client, send, cast, address):
    send(f"/my/{PrivateFeed.objects.get().pk}/revoke", cast.reader)
    assert client.get(f"{address}.json").status_code == 404


def test_nobody_revokes_the_feed_of_another(send, cast, address, client):
    assert send(f"/my/{PrivateFeed.objects.get().pk}/revoke", cast.engineer).status_code == 404
    assert client.get(f"{address}.json").status_code == 200


def test_a_closed_account_has_no_feed(client, cast, address):
    type(cast.reader).objects.filter(pk=cast.reader.pk).update(is_active=False)
    assert client.get(f"{address}.rss").status_code == 404
