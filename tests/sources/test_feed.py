"""The connector against a web site of this machine."""

import gzip
from datetime import UTC, datetime

import pytest

from winnow.core.errors import FetchError
from winnow.core.values import Candidate, Fault
from winnow.sources.base import Page
from winnow.sources.feed import FeedConnector
from winnow.sources.feed import candidates as candidates_of
from winnow.sources.parse import Entry, Feed

ITEM = "<title>{0}</title><link>/{0}</link><guid isPermaLink='false'>{0}</guid>"


@pytest.fixture
def fetch(client):
    return lambda address, cursor=None: FeedConnector().fetch(address, cursor or {}, client)


@pytest.fixture
def candidates(site, fetch, rss):
    return lambda *items: fetch(site.put("/feed", rss(*items))).candidates


def refused(action, *arguments) -> FetchError:
    with pytest.raises(FetchError) as caught:
        action(*arguments)
    return caught.value


def test_a_feed_becomes_a_page_of_candidates(site, fetch, rss):
    item = "<title> A  &lt;b&gt;title&lt;/b&gt;</title><link>/x</link><description>&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two</description>"
    item += "<author>Ada</author><pubDate>Wed, 25 Nov 2020 12:00:00 GMT</pubDate>"
    page = fetch(site.put("/feed", rss(item), Content_Type="application/rss+xml"))
    identity = page.candidates[0].external_id
    assert page == Page(
        candidates=(
            Candidate(
                identity, "A title", "one two", "https://a.test/x", datetime(2020, 11, 25, 12, tzinfo=UTC), "Ada"
            ),
        ),
        title="Feed",
    )
    assert len(identity) == 64
    assert "atom+xml" in site.requests[0][1]["Accept"]


def test_a_json_feed_becomes_a_page_too(site, fetch):
    body = (
        '{"version": "https://jsonfeed.org/version/1", "title": "J", "items": [{"id": "1", "title": "T", "url": "/x"}]}'
    )
    page = fetch(site.put("/feed.json", body, Content_Type="application/feed+json"))
    assert [(page.title, item.title, item.url) for item in page.candidates] == [("J", "T", site.url + "/x")]


def test_validators_come_back_as_cursor_and_save_the_next_fetch(site, fetch, rss):
    address = site.put("/feed", rss("T"), ETag='"1"', Last_Modified="Wed, 25 Nov 2026 12:00:00 GMT")
    first = fetch(address)
    assert first.cursor == {"etag": '"1"', "last_modified": "Wed, 25 Nov 2026 12:00:00 GMT"}
    assert fetch(address, first.cursor) == Page(cursor=first.cursor, is_unchanged=True)
    assert site.requests[1][1]["If-Modified-Since"] == "Wed, 25 Nov 2026 12:00:00 GMT"


def test_a_changed_feed_is_read_again(site, fetch, rss):
    first = fetch(site.put("/feed", rss("one"), ETag='"1"'))
    second = fetch(site.put("/feed", rss("one", "two"), ETag='"2"'), first.cursor)
    assert (len(second.candidates), second.cursor) == (2, {"etag": '"2"'})


def test_f23_hostile_validators_are_not_kept(site, fetch, rss):
    assert fetch(site.put("/feed", rss(), ETag="x" * 5000, Last_Modified="\x7f")).cursor == {}


def test_f22_a_busy_server_says_how_long_to_wait(site, fetch):
    error = refused(fetch, site.put("/feed", status=429, Retry_After="600"))
    assert (error.code, str(error), error.retry_after) == ("status", "the server answered 429", 600.0)


def test_f22_a_wait_asked_for_with_a_good_answer_is_passed_on(site, fetch, rss):
    assert fetch(site.put("/feed", rss(), Retry_After="99999999")).wait == 86_400.0


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_an_error_of_the_server_is_typed(site, fetch, status):
    assert str(refused(fetch, site.put("/feed", b"secret", status=status))) == f"the server answered {status}"


def test_f25_a_feed_that_moved_is_read_and_says_where_it_is(site, fetch, rss):
    new = site.put("/new", rss("T"))
    page = fetch(site.put("/old", status=301, Location="/new"))
    assert (len(page.candidates), page.moved_to) == (1, new)


def test_f25_a_feed_that_moved_and_did_not_change_says_both(site, fetch, rss):
    new = site.put("/new", rss("T"), ETag='"1"')
    page = fetch(site.put("/old", status=308, Location="/new"), {"etag": '"1"'})
    assert (page.is_unchanged, page.moved_to) == (True, new)


def test_f24_a_captive_portal_is_an_error(site, fetch):
    assert (
        refused(fetch, site.put("/feed", "<html><title>Sign in</title>", Content_Type="text/html")).code == "not_a_feed"
    )


def test_a_packed_feed_is_unpacked(site, fetch, rss):
    assert len(fetch(site.put("/feed", gzip.compress(rss("T")), Content_Encoding="gzip")).candidates) == 1


def test_x14_a_feed_without_entries_is_a_page_without_candidates(site, fetch, rss):
    assert fetch(site.put("/feed", rss())) == Page(title="Feed")


def test_x6_of_many_entries_the_newest_count(site, fetch, rss):
    page = fetch(site.put("/feed", rss(*(f"T{number}" for number in range(620)))))
    assert (len(page.candidates), page.left_out) == (500, 120)


def test_x7_a_title_is_cut_to_what_is_kept(candidates):
    assert [len(candidate.title) for candidate in candidates("x" * 100_000)] == [500]


def test_x8_invisible_characters_are_stripped(candidates):
    assert candidates("a&#x202e;b&#x200b;c &#x7f;d")[0].title == "abc d"


@pytest.mark.parametrize("title", ["", " ", "&#x200b;", "&lt;img src=x&gt;", "<![CDATA[<script>x</script>]]>"])
def test_an_entry_without_a_title_has_a_fault(candidates, title):
    found = candidates(f"<title>{title}</title><link>/x</link>")[0]
    assert (found.title, found.fault) == ("", Fault("title", "is empty; an entry needs a title that can be read"))


@pytest.mark.parametrize(
    "link", ["", "<link></link>", "<link>javascript:alert(1)</link>", "<link>ftp://x.test/</link>"]
)
def test_x16_an_entry_without_a_web_address_has_a_fault(candidates, link):
    found = candidates(f"<title>T</title>{link}")[0]
    assert found.fault == Fault("url", "is missing or not http(s); an entry needs an address on the web")
    assert found.url == ""


@pytest.mark.parametrize("date", ["Tue, 01 Jan 2099 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "garbage", ""])
def test_x12_a_date_that_cannot_be_is_absent_and_no_fault(candidates, date):
    found = candidates(f"<title>T</title><link>/x</link><pubDate>{date}</pubDate>")[0]
    assert (found.published_at, found.fault) == (None, None)


def test_x10_identity_is_guid_and_link(candidates):
    ids = [candidate.external_id for candidate in candidates(
        "<title>T</title><link>/x</link><guid isPermaLink='false'>g</guid>",
        "<title>Renamed</title><link>/x</link><guid isPermaLink='false'>\n g </guid>",
        "<title>T</title><link>/y</link><guid isPermaLink='false'>g</guid>",
        "<title>T</title><link>/x</link><guid isPermaLink='false'>G</guid>",
        "<title>T</title><link>/x</link>",
        f"<title>T</title><link>/x</link><guid isPermaLink='false'>{'g' * 1_000_000}</guid>",
    )]  # fmt: skip
    assert ids[0] == ids[1]
    assert len(set(ids)) == 5


def test_recognises_web_addresses():
    addresses = ["http://a.test/x", "HTTPS://a.test", "/x", "./x", "a.test", "ftp://a.test/"]
    assert [FeedConnector().recognises(address) for address in addresses] == [True, True, False, False, False, False]


def entry(name, published):
    return Entry(name, f"Entry {name}", "", f"https://feed.test/{name}", published, "")


def test_x12_an_entry_without_a_date_has_that_of_its_older_neighbour():
    days = (
        datetime(2026, 11, 5, tzinfo=UTC),
        None,
        datetime(2026, 11, 3, tzinfo=UTC),
        datetime(2199, 1, 1, tzinfo=UTC),
    )
    found = candidates_of(Feed("t", tuple(map(entry, "abcd", days)), 0))
    assert [one.published_at.day for one in found] == [5, 3, 3, 5]


def test_x12_where_no_entry_has_a_date_none_is_made_up():
    found = candidates_of(Feed("t", (entry("a", None), entry("b", None)), 0))
    assert [one.published_at for one in found] == [None, None]
