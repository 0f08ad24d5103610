"""The pages of frozen data sets."""

import json

import pytest

from winnow.models import Label
from winnow.services.freeze import freeze_dataset


@pytest.fixture
def frozen(make_item, tags):
    """Two versions: the second with one work more and one that bears another tag."""
    words = ("river", "market", "violin", "harbour", "meadow", "engine", "orchard", "tunnel")
    items = [make_item(f"{word} {slug} <b>bold</b>", state="published", tag=slug) for word in words for slug in tags]
    for item in items:
        Label.objects.create(item=item, tag=item.tag, is_gold=True)
    first = freeze_dataset()
    fresh = make_item("A newcomer", state="published", tag="mlops")
    Label.objects.create(item=fresh, tag=tags["mlops"], is_gold=True)
    Label.objects.create(item=items[0], tag=tags["mlops"], is_gold=True)
    return first, freeze_dataset()


def test_without_a_set_there_is_one_thing_to_do(visit, tags):
    assert visit("/datasets").all(r'<p class="empty">.*?<a href="([^"]+)"') == ["/tags"]


def test_versions_come_newest_first(visit, frozen):
    assert visit("/datasets").all(r'<h2><a class="open" href="([^"]+)">') == ["/datasets/gold-2", "/datasets/gold-1"]


def test_a_version_shows_what_it_holds_with_a_picture_and_a_table(visit, frozen):
    html = visit("/datasets/gold-2")
    assert frozen[1].sha256 in html.main
    assert html.main.count("<svg") == 1
    assert html.all(r"<caption>(.*?)</caption>") == [
        "Why people were asked",
        "Who labelled",
        "Year of the work",
        "Source",
    ]
    assert "came with its label" in html.main


def test_it_says_what_changed(visit, frozen):
    html = visit("/datasets/gold-2").main
    assert "1 work added, 0 removed, 1 with another tag." in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "Since" not in visit("/datasets/gold-1").main


def test_every_row_can_be_had(client, frozen):
    answer = client.get("/datasets/gold-1.jsonl")
    rows = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]
    assert rows == frozen[0].rows
    assert 'filename="gold-1.jsonl"' in answer["Content-Disposition"]


@pytest.mark.parametrize("path", ["/datasets/gold-9", "/datasets/gold-9.jsonl", "/datasets/%3Cb%3E"])
def test_what_is_not_there_is_404(client, tags, path):
    assert client.get(path).status_code == 404
