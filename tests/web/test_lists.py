"""The lists of what is published, as pages and as feeds."""

import json
from datetime import timedelta

import feedparser
import pytest
from django.utils import timezone

from winnow.web.feeds import FORMS
from winnow.web.lists import WINDOWS

PATHS = ("/recent", "/popular", "/popular/1w", "/t/mlops", "/search")
HOSTILE = "<script>alert(1)</script> & ]]>"


@pytest.fixture
def works(make_item):
    now = timezone.now()
    old = make_item("An old one", state="published", dated_at=now - timedelta(days=300))
    new = make_item(HOSTILE, state="published", dated_at=now - timedelta(hours=2), author="Ada Lovelace")
    return old, new


def titles(html):
    return html.all(r'<h2 id="t\d+"><a class="original"[^>]*>(.*?)</a>')


@pytest.mark.parametrize("path", PATHS)
def test_every_list_names_its_feeds_in_its_head_and_at_its_foot(visit, works, path):
    query = {"q": "script"} if path == "/search" else {}
    html = visit(path, **query)
    end = "?q=script" if query else ""
    expected = [f"{path}.{form}{end}" for form in FORMS]
    assert html.all(r'<link rel="alternate"[^>]*href="([^"]+)"') == expected
    assert html.all(r'<p class="facts feeds">(.*?)</p>')


@pytest.mark.parametrize("form", ["rss", "atom"])
@pytest.mark.parametrize("path", PATHS)
def test_h6_every_feed_is_sound_and_markup_in_it_is_text(client, works, path, form):
    answer = client.get(f"{path}.{form}", {"q": "script"} if path == "/search" else {})
    found = feedparser.parse(answer.content)
    assert (answer.status_code, found.bozo) == (200, False)
    entry = next(one for one in found.entries if "script" in one.title)
    assert "<script>" not in answer.content.decode()
    assert entry.author == "Ada Lovelace"
    assert entry.link.startswith("http://testserver/i/")


def test_json_feeds_hold_the_same_rows(client, works):
    body = json.loads(client.get("/recent.json").content)
    assert [item["title"] for item in body["items"]] == [HOSTILE, "An old one"]
    assert body["items"][0]["tags"] == ["mlops"]


@pytest.mark.parametrize("window", ["", *WINDOWS])
def test_popular_has_its_windows_and_says_which_it_is(visit, works, window):
    html = visit(f"/popular/{window}".rstrip("/"))
    assert len(titles(html)) == (2 if window in ("", "1y") else 1)
    assert html.main.count('aria-current="page"') == 1


def test_what_turns_up_in_more_places_comes_first(visit, make_item):
    face = make_item("In two places", state="published")
    make_item("In one place", state="published", dated_at=face.dated_at)
    from winnow.models import Item

    Item.objects.filter(pk=face.pk).update(hotness=face.hotness + 1)
    assert titles(visit("/popular")) == ["In two places", "In one place"]


@pytest.mark.parametrize("path", ["/popular/1h", "/popular/1h.rss", "/t/none.atom", "/recent.xml"])
def test_what_is_no_list_is_404(client, tags, path):
    assert client.get(path).status_code == 404


def test_an_empty_list_says_what_to_do_and_its_feed_is_sound(visit, client, tags):
    assert visit("/popular/1d").all(r'<p class="empty">.*?<a href="([^"]+)"') == ["/popular"]
    assert feedparser.parse(client.get("/popular/1d.atom").content).bozo is False


def test_a_reader_that_comes_back_is_told_that_nothing_changed(client, works, make_item):
    first = client.get("/recent.atom")
    again = client.get("/recent.atom", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_item("A third", state="published")
    assert client.get("/recent.atom", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", [f"{path}.atom" for path in PATHS])
def test_a_cursor_that_is_none_is_said(client, tags, path):
    assert client.get(path, {"after": "nonsense", "q": "x"}).status_code == 400
