"""What an address is."""

import pytest

from winnow.core.errors import FetchError
from winnow.sources.discover import Found, discover

LINK = '<link rel="alternate" type="application/rss+xml" href="/feed.xml" title="The blog">'


def test_a_feed_is_itself_with_its_title(site, client, rss):
    address = site.put("/feed.xml", rss("T"))
    assert discover(address, client) == Found("feed", address, "Feed")


def test_a_page_leads_to_the_feed_that_it_names(site, client):
    address = site.put("/blog", f"<html><head>{LINK}</head>")
    assert discover(address, client) == Found("feed", f"{site.url}/feed.xml", "The blog")


def test_a_feed_that_has_moved_for_good_is_taken_where_it_is(site, client, rss):
    site.put("/new.xml", rss("T"))
    address = site.put("/old.xml", status=301, Location="/new.xml")
    assert discover(address, client).address == f"{site.url}/new.xml"


def test_a_page_without_a_feed_says_so(site, client):
    with pytest.raises(FetchError, match="names none") as caught:
        discover(site.put("/", "<html><title>Nothing"), client)
    assert caught.value.code == "not_a_feed"


def test_a_page_that_is_away_is_an_error(site, client):
    with pytest.raises(FetchError) as caught:
        discover(f"{site.url}/gone", client)
    assert caught.value.code == "status"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://github.com/numpy/numpy", Found("feed", "https://github.com/numpy/numpy/releases.atom")),
        ("https://arxiv.org/list/cs.CL/recent", Found("arxiv", "https://rss.arxiv.org/atom/cs.CL")),
        ("https://news.ycombinator.com/", Found("hackernews", "https://hacker-news.firebaseio.com/v0/topstories.json")),
        ("https://x.com/ada", Found("x", "https://api.x.com/2/users/by/username/ada")),
        ("/some/file.xml", Found("file", "/some/file.xml")),
    ],
)
def test_known_places_are_told_without_a_look(client, monkeypatch, address, found):
    monkeypatch.setattr(client, "fetch", lambda *_: pytest.fail("the network was asked"))
    assert discover(address, client) == found


def test_f26_a_feed_that_a_page_names_goes_through_the_same_guard(site, client):
    page = LINK.replace("/feed.xml", "http://169.254.169.254/feed.xml")
    found = discover(site.put("/blog", page), client)
    with pytest.raises(FetchError) as caught:
        client.fetch(found.address)
    assert caught.value.code == "blocked_address"
