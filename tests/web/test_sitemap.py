"""Sitemaps and lists of subscriptions are what their specifications want."""

from xml.etree import ElementTree as ET

import pytest

from winnow.models import Source
from winnow.queries import sitemap
from winnow.sources.opml import read_opml

pytestmark = pytest.mark.django_db
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def places(answer):
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert "public" in answer["Cache-Control"]
    root = ET.fromstring(answer.content)
    return root.tag.removeprefix(SPACE), [node.text for node in root.iter(f"{SPACE}loc")]


def test_one_sitemap_holds_lists_and_works(client, make_item):
    item = make_item("A & B", state="published")
    kind, found = places(client.get("/sitemap.xml"))
    assert kind == "urlset"
    assert {"http://127.0.0.1:8000/", "http://127.0.0.1:8000/t/mlops", f"http://127.0.0.1:8000/i/{item.pk}/a-b"} <= {
        *found
    }
    assert len(found) == len(set(found))


def test_every_address_in_it_is_there(client, make_item, settings):
    make_item(state="published")
    for place in places(client.get("/sitemap.xml"))[1]:
        assert client.get(place.removeprefix(settings.BASE_URL)).status_code == 200, place


def test_what_one_cannot_hold_is_in_several(client, make_item, monkeypatch, settings):
    made = {make_item(state="published").pk for _ in range(5)}
    monkeypatch.setattr(sitemap, "PER_PART", 2)
    kind, parts = places(client.get("/sitemap.xml"))
    assert (kind, len(parts) > 1) == ("sitemapindex", True)
    found = [place for part in parts for place in places(client.get(part.removeprefix(settings.BASE_URL)))[1]]
    assert {int(place.split("/i/")[1].split("/")[0]) for place in found if "/i/" in place} == made
    assert len(found) == len(set(found))


@pytest.mark.parametrize("number", [0, 99, 10**20])
def test_another_number_is_not_there(client, tags, number):
    assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_h6_a_hostile_title_breaks_no_file(client, make_item):
    make_item("]]><script>&\x0b \u202e</loc>", state="published")
    assert len([place for place in places(client.get("/sitemap.xml"))[1] if "/i/" in place]) == 1


def test_tags_can_be_subscribed_to_together(client, tags):
    answer = client.get("/tags.opml")
    assert answer["Content-Type"] == "text/x-opml; charset=utf-8"
    outlines = read_opml(answer.content, "tags.opml")
    assert {outline.address for outline in outlines} == {f"http://127.0.0.1:8000/t/{slug}.rss" for slug in tags}


def test_sources_on_the_web_can_be_taken_along(client, tags):
    Source.objects.create(name="web", kind="feed", address="https://example.org/feed", title="<A> & B")
    Source.objects.create(name="own", kind="file", address="/home/somebody/secret.xml")
    (outline,) = read_opml(client.get("/sources.opml").content, "sources.opml")
    assert (outline.address, outline.title) == ("https://example.org/feed", "<A> & B")


def test_crawlers_are_told_where_it_is(client, tags):
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml\n" in client.get("/robots.txt").content.decode()
