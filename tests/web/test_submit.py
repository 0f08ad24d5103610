"""Adding a work: its address first, then the rest, then what became of it."""

import re

import pytest
from django.utils import timezone

from winnow.models import Event, Item, ItemKey, Job, LookUp
from winnow.web.paths import item_path
from winnow.web.submit import PATIENCE

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


@pytest.fixture
def read():
    """The worker has read every address that was asked for."""

    def read(title="Segment Anything", description="Masks for pictures.", error=""):
        LookUp.objects.update(title=title, description=description, error=error, done_at=timezone.now())

    return read


@pytest.mark.parametrize("state", ["published", "in_review", "rejected"])
def test_while_it_is_typed_what_is_here_is_offered(visit, cast, make_item, state):
    item = make_item("Segment Anything", state=state, url=ADDRESS)
    ItemKey.objects.create(item=item, key="github:facebookresearch/segment-anything")
    html = visit("/submit/check", who=cast.reader, url=ADDRESS + "/")
    assert html.all(r'<p class="found"><a href="([^"]+)"') == [f"/i/{item.pk}/segment-anything"]
    assert "<html" not in html.text


@pytest.mark.parametrize(("url", "says"), [(ADDRESS, True), ("https:/", False), ("", False), ("\x00", False)])
def test_while_it_is_typed_a_new_address_is_said_to_be_new(visit, cast, url, says):
    assert ("Not here yet." in visit("/submit/check", who=cast.reader, url=url).text) == says
    assert not Job.objects.exists()


def test_the_form_asks_the_worker_and_may_be_filled_at_once(visit, cast):
    html = visit("/submit", who=cast.reader, url=ADDRESS)
    assert list(Job.objects.values_list("kind", flat=True)) == ["look_up"]
    assert "You may type at once" in html.main
    assert f'hx-get="/submit/looked-up?url={ADDRESS.replace(":", "%3A").replace("/", "%2F")}"' in html.text
    assert html.all(r'name="title" value="([^"]*)"') == []


def test_only_reading_the_page_asks(client, cast):
    client.force_login(cast.reader)
    client.head("/submit", {"url": ADDRESS})
    assert not Job.objects.exists()


def test_what_was_read_stands_in_the_form_when_it_is_loaded_again(visit, cast, read):
    visit("/submit", who=cast.reader, url=ADDRESS)
    read("A <b>title</b>")
    html = visit("/submit", url=ADDRESS)
    assert html.all(r'name="title" value="([^"]*)"') == ["A &lt;b&gt;title&lt;/b&gt;"]
    assert "Masks for pictures.</textarea>" in html.text
    assert "hx-trigger" not in html.main


def test_what_was_read_comes_to_the_page_that_waits(visit, cast, read):
    visit("/submit", who=cast.reader, url=ADDRESS)
    assert "hx-trigger" in visit("/submit/looked-up", url=ADDRESS).text
    read()
    html = visit("/submit/looked-up", url=ADDRESS)
    assert html.all(r'data-title="([^"]*)" data-description="([^"]*)"') == [("Segment Anything", "Masks for pictures.")]
    assert "hx-trigger" not in html.text


@pytest.mark.parametrize(("error", "words"), [("timeout", "did not answer"), ("", "does not say what it is called")])
def test_what_could_not_be_read_is_said(visit, cast, read, error, words):
    visit("/submit", who=cast.reader, url=ADDRESS)
    read("", "", error)
    assert words in visit("/submit/looked-up", url=ADDRESS).text


def test_nobody_waits_for_ever(visit, cast):
    visit("/submit", who=cast.reader, url=ADDRESS)
    LookUp.objects.update(asked_at=timezone.now() - PATIENCE)
    html = visit("/submit/looked-up", url=ADDRESS)
    assert "hx-trigger" not in html.text
    assert "could not be looked up now" in html.text


def test_in_a_browser_the_address_is_checked_and_the_form_fills_itself(browse, cast, make_item, read):
    item = make_item("Segment Anything", state="published", url=ADDRESS)
    ItemKey.objects.create(item=item, key="github:facebookresearch/segment-anything")
    page = browse("/submit", who=cast.reader)
    page.fill("#url", ADDRESS)
    page.wait_for_selector(".found a")
    page.fill("#url", "https://example.org/new")
    page.wait_for_selector("text=Not here yet.")
    page.get_by_role("button", name="Continue").click()
    page.fill("#id_description", "My own words.")
    read("From the page", "Its words.")
    page.wait_for_selector("text=Found there")
    assert (page.input_value("#id_title"), page.input_value("#id_description")) == ("From the page", "My own words.")


def test_a_newcomer_is_slowed_and_told_when_to_go_on(send, cast):
    for n in range(6):
        answer = send("/submit", who=cast.reader, url=f"https://example.org/{n}", title=f"A network for mosses, {n}")
    html = answer.content.decode()
    assert answer.status_code == 429
    assert re.search(r"You have submitted a lot [^.]+\. Possible again in (1 hour|\d+ minutes)\.", html)
    assert 'value="A network for mosses, 5"' in html
