"""Adding a work: its address first, then the rest, then what became of it."""

import re

import pytest

from winnow.models import Event, Item, ItemKey
from winnow.web.paths import item_path

ADDRESS = "https://github.com/facebookresearch/segment-anything"
WORK = {
    "url": ADDRESS,
    "title": "Segment Anything",
    "description": "Promptable image segmentation: click on an object in a photograph and the network returns its mask.",
}

pytestmark = pytest.mark.usefixtures("tags")


def test_the_address_is_asked_for_first(visit, cast):
    html = visit("/submit", who=cast.reader)
    assert html.all(r'<form class="form"([^>]*)>') == [' action="/submit"']
    assert [a.get("name") for n, a in html.elements if n == "input" and a.get("type") == "url"] == ["url"]


def test_a_new_address_leads_to_the_form(visit, cast):
    html = visit("/submit", who=cast.reader, url=ADDRESS)
    fields = [
        a["name"] for n, a in html.elements if n in ("input", "textarea", "select") and a.get("id", "")[:3] == "id_"
    ]
    assert fields == ["url", "title", "description", "tag", "is_author"]
    assert html.all(r'name="url" value="([^"]*)"') == [ADDRESS]


def test_the_form_offers_the_approved_tags_and_none(visit, cast):
    options = visit("/submit", who=cast.reader, url=ADDRESS).all(r'<option value="([^"]*)"')
    assert options == ["", "natural-language-processing", "computer-vision", "mlops", "other"]


@pytest.mark.parametrize("url", ["nonsense", "javascript:alert(1)", "ftp://example.org/a", "https://"])
def test_what_is_no_address_is_said_to_be_none(visit, cast, url):
    html = visit("/submit", who=cast.reader, url=url)
    assert len(html.all(r'<p class="fault" id="url-fault" role="alert">')) == 1
    assert html.all(r'name="url"[^>]*value="([^"]*)"') == [url]


@pytest.mark.parametrize("state", ["published", "in_review", "rejected"])
def test_what_is_here_already_is_offered_whatever_its_state(visit, cast, make_item, state):
    item = make_item("Segment Anything", state=state, url=ADDRESS)
    ItemKey.objects.create(item=item, key="github:facebookresearch/segment-anything")
    html = visit("/submit", who=cast.reader, url=ADDRESS + ".git?utm_source=x")
    assert html.all(r'<p class="found"><a href="([^"]+)"') == [f"/i/{item.pk}/segment-anything"]
    assert 'method="post" action="/submit"' not in html.text


@pytest.mark.usefixtures("champion")
def test_a_work_that_the_model_is_sure_of_is_published(client, send, cast):
    answer = send("/submit", who=cast.reader, **WORK)
    item = Item.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/i/{item.pk}/segment-anything")
    assert (item.state, item.tag_id, item.submitted_by) == ("published", "computer-vision", cast.reader)
    assert "Published under Computer vision." in client.get(answer["Location"]).content.decode()


def test_without_a_model_a_work_waits_for_a_person(client, send, cast):
    answer = send("/submit", who=cast.reader, **WORK, tag="mlops")
    item = Item.objects.get()
    html = client.get(answer["Location"]).content.decode()
    assert item.state == "in_review"
    assert "Not sure where it belongs: a person will look." in html
    assert "MLOps was proposed with it." in html
    assert Event.objects.get(kind="item.tag_proposed").data == {"tag": "mlops"}


def test_the_same_work_again_leads_to_the_one_that_is_here(client, send, cast):
    send("/submit", who=cast.reader, **WORK)
    first = Item.objects.get()
    client.get("/tags")  # reads the first answer
    answer = send("/submit", who=cast.reviewer, **WORK | {"url": ADDRESS + ".git"})
    assert answer["Location"] == f"/i/{first.pk}/segment-anything"
    assert "Already here since " in client.get(answer["Location"]).content.decode()


def test_what_is_not_machine_learning_is_withheld_and_says_so(client, send, cast):
    about = {"title": "Lentil soup", "description": "Boil lentils.", "url": "https://soup.example/1"}
    answer = send("/submit", who=cast.reader, **about)
    assert Item.objects.get().reason == "off_topic"
    assert '<div class="messages" role="status">\n<p>Withheld: ' in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": " \u200b "}, "title"),
        ({"url": "nonsense"}, "url"),
        ({"url": ""}, "url"),
        ({"tag": "no-such"}, "tag"),
        ({"title": "x" * 501}, "title"),
        ({"description": "x" * 20_001}, "description"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_is_lost(send, cast, change, field):
    answer = send("/submit", who=cast.reader, **WORK | change)
    html = answer.content.decode()
    assert (answer.status_code, Item.objects.count()) == (422, 0)
    assert [name for name in ("url", "title", "description", "tag") if f'id="id_{name}_error"' in html] == [field]
    assert ("Promptable image segmentation" in html) == (field != "description")


def test_a_title_may_come_with_the_address(visit, cast):
    html = visit("/submit", who=cast.reader, url=ADDRESS, title="From a bookmark")
    assert html.all(r'name="title" value="([^"]*)"') == ["From a bookmark"]


def test_a_preview_says_the_tag_and_stores_nothing(send, cast, champion):
    answer = send(
        "/submit", who=cast.reader, url="https://example.org/new", title="Parsing sentences with BERT", preview="1"
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(r"role=\"status\">.*?NLP", html, re.DOTALL)
    assert not Item.objects.exists()


def test_without_a_model_the_preview_says_that_a_person_looks(send, cast, tags):
    html = send("/submit", who=cast.reader, url="https://example.org/new", title="T", preview="1").content.decode()
    assert "a person would look" in html


def test_an_author_says_so_and_it_stands_in_the_history(send, visit, cast, tags):
    send("/submit", who=cast.reader, url="https://example.org/new", title="A work of mine", is_author="on")
    assert "Sent in by an author of it." in visit(item_path(Item.objects.get())).main
