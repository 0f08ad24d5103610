"""Lists as RSS, Atom and JSON Feed."""

import json
from datetime import UTC, datetime
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from django.test import RequestFactory

from winnow.web.feeds import FORMS, KINDS, Entry, Feed, feed_response

AT = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)
FEED = Feed(
    title="Withheld <all> · Winnow",
    description="What & why",
    path="/withheld",
    query={"reason": "spam", "q": ""},
    entries=[
        Entry("/i/1/x", "A <b>title</b> ]]> & more", "Spam. <script>", AT, "Ada", ("spam",)),
        Entry("/i/2/y", "B", "", AT),
    ],
)
ATOM = "{http://www.w3.org/2005/Atom}"


def answer(form, feed=FEED):
    return feed_response(RequestFactory().get("/withheld"), form, feed)


def test_h6_rss_is_well_formed_and_markup_in_titles_is_text():
    found = answer("rss")
    channel = ET.fromstring(found.content)[0]
    item = channel.find("item")
    assert found["Content-Type"].startswith("application/rss+xml")
    assert item.findtext("title") == "A <b>title</b> ]]> & more"
    assert item.findtext("link") == item.findtext("guid") == "http://testserver/i/1/x"
    assert item.findtext("pubDate") == "Sun, 01 Nov 2026 12:30:00 +0000"
    assert channel.find(f"{ATOM}link").get("href") == "http://testserver/withheld.rss?reason=spam"


def test_h6_markup_in_summaries_is_text_in_every_form():
    """RSS and Atom hold HTML there: what a reader shows is the text itself."""
    rss = ET.fromstring(answer("rss").content).findtext("channel/item/description")
    summary = ET.fromstring(answer("atom").content).find(f"{ATOM}entry/{ATOM}summary")
    assert (unescape(rss), "<" in rss) == ("Spam. <script>", False)
    assert (unescape(summary.text), "<" in summary.text, summary.get("type")) == ("Spam. <script>", False, "html")
    assert json.loads(answer("json").content)["items"][0]["content_text"] == "Spam. <script>"


def test_atom_has_what_the_form_demands():
    root = ET.fromstring(answer("atom").content)
    entry = root.find(f"{ATOM}entry")
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}")
        assert entry.findtext(f"{ATOM}{name}")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ada"
    assert entry.find(f"{ATOM}category").get("term") == "spam"


def test_json_feed_is_the_whole_value():
    found = answer("json")
    body = json.loads(found.content)
    assert found["Content-Type"] == "application/feed+json"
    assert body["version"] == "https://jsonfeed.org/version/1.1"
    assert body["feed_url"] == "http://testserver/withheld.json?reason=spam"
    assert body["home_page_url"] == "http://testserver/withheld?reason=spam"
    assert body["items"][0] == {
        "id": "http://testserver/i/1/x",
        "url": "http://testserver/i/1/x",
        "title": "A <b>title</b> ]]> & more",
        "content_text": "Spam. <script>",
        "date_published": "2026-11-01T12:30:00+00:00",
        "tags": ["spam"],
        "authors": [{"name": "Ada"}],
    }
    assert "authors" not in body["items"][1]


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_list_is_a_valid_feed(form):
    found = answer(form, Feed("T", "D", "/withheld", {}, []))
    assert found.status_code == 200
    if form == "json":
        assert json.loads(found.content)["items"] == []
    else:
        ET.fromstring(found.content)


def test_the_links_name_the_forms_and_their_types():
    assert tuple(form for form, _ in KINDS) == FORMS
    assert all(answer(form)["Content-Type"].startswith(kind) for form, kind in KINDS)
