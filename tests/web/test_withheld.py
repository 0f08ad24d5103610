"""The ledger of what is not shown, and the way back."""

import re

import pytest

from winnow.models import Item, Label, ReviewTask, Tag
from winnow.services.audit_withheld import draw_withheld
from winnow.services.review import label_task
from winnow.web.paths import item_path

pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture
def kept_out(make_item):
    face = make_item("The face", state="published")
    return [
        make_item("Off topic", state="rejected"),
        make_item("A copy", state="duplicate", duplicate_of=face),
    ]


def titles(html):
    return html.all(r'class="original"[^>]*>(.*?)</a>')


def test_everything_withheld_is_listed_with_its_reason(visit, kept_out):
    html = visit("/withheld")
    assert titles(html) == ["A copy", "Off topic"]
    assert [says.partition(".")[0] for says in html.all(r'<p class="says">(.*?)</p>')] == [
        f'Copy of a work that is here: <a href="{item_path(kept_out[1].duplicate_of)}" dir="auto">The face</a>',
        "Not machine learning",
    ]


@pytest.mark.usefixtures("kept_out")
def test_reasons_are_counted_and_can_be_chosen(visit):
    html = visit("/withheld", reason="off_topic")
    counts = html.all(r'<a href="(/withheld[^"]*)"[^>]*>[^<]*<span class="figure">(\d+)</span>')
    assert (titles(html), counts) == (
        ["Off topic"],
        [
            ("/withheld", "2"),
            ("/withheld?reason=duplicate", "1"),
            ("/withheld?reason=off_topic", "1"),
            ("/withheld?reason=spam", "0"),
            ("/withheld?reason=invalid", "0"),
            ("/withheld?reason=probation", "0"),
        ],
    )


@pytest.mark.usefixtures("kept_out")
def test_search_stays_within_the_reason(visit):
    assert titles(visit("/withheld", reason="duplicate", q="copy")) == ["A copy"]
    assert titles(visit("/withheld", reason="off_topic", q="copy")) == []


def test_a_reason_that_does_not_exist_is_a_page_of_400(visit):
    assert "&#x27;odd&#x27; is none of duplicate" in visit("/withheld", status=400, reason="odd").main


@pytest.mark.parametrize("number", [0, 1])
def test_restoring_brings_the_item_back_into_the_queue(send, visit, cast, kept_out, number):
    item = kept_out[number]
    answer = send(f"/withheld/{item.pk}/restore", who=cast.reviewer)
    item.refresh_from_db()
    assert answer["Location"] == item_path(item)
    assert (item.state, item.reason, item.duplicate_of) == (Item.State.IN_REVIEW, "", None)
    assert ReviewTask.objects.get().reason == "restored"
    assert "Restored: a person will look." in visit(item_path(item)).main


def test_what_waits_because_of_its_source_is_in_the_ledger_until_it_is_let_on(send, visit, cast, kept_out, make_item):
    held, unsure = make_item("Held back", state="in_review"), make_item("Unsure", state="in_review")
    ReviewTask.objects.create(item=held, reason="probation")
    ReviewTask.objects.create(item=unsure, reason="low_confidence")
    assert titles(visit("/withheld")) == ["Held back", "A copy", "Off topic"]
    page = visit("/withheld", reason="probation", who=cast.reviewer)
    assert titles(page) == ["Held back"]
    assert "Source on probation." in page.main
    send(f"/withheld/{held.pk}/restore", who=cast.reviewer)
    assert titles(visit("/withheld", reason="probation")) == []
    assert [task.reason for task in ReviewTask.objects.filter(item=held, closed_at=None)] == ["restored"]
    assert Label.objects.get().note == "withheld as probation"
    assert send(f"/withheld/{unsure.pk}/restore", who=cast.reviewer).status_code == 409


def test_restoring_twice_is_said_to_have_changed_meanwhile(send, cast, kept_out):
    codes = [send(f"/withheld/{kept_out[0].pk}/restore", who=cast.reviewer).status_code for _ in range(2)]
    assert (codes, ReviewTask.objects.count()) == ([302, 409], 1)


def test_the_button_is_shown_to_those_with_the_right(visit, cast, kept_out):
    for path in ("/withheld", item_path(kept_out[0])):
        assert "/restore" not in visit(path, who=cast.reader).main
        assert f"/withheld/{kept_out[0].pk}/restore" in visit(path, who=cast.reviewer).main


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
@pytest.mark.usefixtures("kept_out")
def test_the_ledger_is_a_feed_that_follows_the_choice(client, form):
    whole, chosen = (client.get(f"/withheld.{form}", query).content.decode() for query in ({}, {"reason": "duplicate"}))
    assert ("A copy" in whole, "Off topic" in whole) == (True, True)
    assert ("A copy" in chosen, "Off topic" in chosen) == (True, False)
    assert "Copy of a work that is here (The face)." in chosen


def test_the_page_names_its_feeds(visit):
    page = visit("/withheld", reason="spam")
    assert page.all(r'<link rel="alternate"[^>]*href="([^"]*)"') == [
        f"/withheld.{form}?reason=spam" for form in ("rss", "atom", "json")
    ]


def test_without_an_audit_the_page_says_so(visit):
    assert "Not machine learning: no audit yet." in visit("/withheld").main


def test_the_share_of_good_works_lost_is_shown_with_n_and_interval(visit, cast, make_item):
    for _ in range(6):
        make_item(state="rejected")
    draws = draw_withheld(n=4, seed=1)
    for number, draw in enumerate(draws):
        label_task(task=draw.task, tag=Tag.objects.get(slug="mlops") if number == 0 else None, account=cast.reviewer)
    text = re.sub("<[^>]+>", "", visit("/withheld").main)
    assert re.search(
        r"Of what was withheld as not machine learning, 25\.0 % \(\d+\.\d %–\d+\.\d %, n = 4\) was good\.", text
    )


def test_restoring_is_a_label_too(send, cast, kept_out):
    send(f"/withheld/{kept_out[0].pk}/restore", who=cast.reviewer)
    label = Label.objects.get(item=kept_out[0])
    assert (label.restores, label.is_gold, label.account, label.note) == (
        True,
        False,
        cast.reviewer,
        "withheld as off_topic",
    )


@pytest.mark.parametrize("reason", Item.Reason.values)
def test_every_reason_has_a_way_back(send, cast, make_item, reason):
    face = make_item(state="published") if reason == "duplicate" else None
    item = make_item(state="duplicate" if face else "rejected", duplicate_of=face)
    Item.objects.filter(pk=item.pk).update(reason=reason)
    send(f"/withheld/{item.pk}/restore", who=cast.reviewer)
    item.refresh_from_db()
    assert (item.state, item.reason) == (Item.State.IN_REVIEW, "")
