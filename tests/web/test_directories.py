"""The short lists as feeds."""

import json
from xml.etree import ElementTree as ET

import pytest

from winnow.models import DatasetVersion, ModelVersion, Source, Tag
from winnow.web.directories import DIRECTORIES
from winnow.web.feeds import FORMS

pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture
def listed(make_item):
    """One of each at least, and what the entries are called."""
    source = Source.objects.create(name="notes", kind="feed", address="https://example.org/feed")
    make_item(state="published", tag="mlops", source=source)
    ModelVersion.objects.create(
        ref="v6-1",
        recipe="steady",
        policy={},
        card={},
        folder="none",
        manifest_sha256="0" * 64,
        dataset_sha256="0" * 64,
    )
    DatasetVersion.objects.create(version="gold-1", sha256="0" * 64, rows=[], per_tag={}, n=0)
    return {
        "tags": [tag.name for tag in Tag.objects.filter(is_approved=True)],
        "sources": ["notes"],
        "datasets": ["gold-1"],
        "models": ["v6-1"],
    }


def titles(form, content):
    if form == "json":
        return [entry["title"] for entry in json.loads(content)["items"]]
    found = ET.fromstring(content)
    entries = found.iter("item") if form == "rss" else found.iter("{http://www.w3.org/2005/Atom}entry")
    return [next(part.text for part in entry if part.tag.endswith("title")) for entry in entries]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("of", DIRECTORIES)
def test_each_is_a_feed_that_its_page_announces(client, listed, of, form):
    answer = client.get(f"/{of}.{form}")
    assert answer.status_code == 200
    assert sorted(titles(form, answer.content)) == sorted(listed[of])
    assert f'href="/{of}.{form}">' in client.get(f"/{of}").text


@pytest.mark.parametrize("of", DIRECTORIES)
@pytest.mark.usefixtures("listed")
def test_an_entry_leads_to_its_page(client, of):
    entry = client.get(f"/{of}.json").json()["items"][0]
    assert entry["title"] in client.get(entry["url"].removeprefix("http://testserver")).text


def test_the_newest_comes_first(client):
    for name in ("first", "second"):
        Source.objects.create(name=name, kind="feed", address=f"https://example.org/{name}")
    assert [one["title"] for one in client.get("/sources.json").json()["items"]] == ["second", "first"]


@pytest.mark.usefixtures("listed")
def test_a_source_says_what_it_brought(client):
    assert client.get("/sources.json").json()["items"][0]["content_text"] == "1 work, 1 of them published."
