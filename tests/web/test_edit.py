"""Changing what one submitted."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.models import Item
from winnow.web.edit import CHANGED

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def mine(make_item, cast):
    return make_item(HOSTILE, state="in_review", submitted_by=cast.reader, description="What it was.")


def test_the_form_bears_the_text_as_it_is(visit, cast, mine):
    html = visit(f"/i/{mine.pk}/edit", who=cast.reader)
    assert html.all(r'name="title" value="([^"]*)"') == ["&lt;script&gt;alert(1)&lt;/script&gt;"]
    assert "What it was.</textarea>" in html.main
    assert "decided about anew" in html.main


def test_who_changes_what_a_person_decided_is_told_that_it_stays(visit, cast, make_item):
    item = make_item(state="published", submitted_by=cast.reader)
    assert "A person has decided about it: that stays" in visit(f"/i/{item.pk}/edit", who=cast.reader).main


def test_a_change_is_stored_and_said(send, visit, cast, mine):
    answer = send(f"/i/{mine.pk}/edit", who=cast.reader, title="A better name", description="What it is.")
    assert answer["Location"] == "/yours"
    assert str(CHANGED) in visit("/yours").main
    item = Item.objects.get()
    assert (item.title, item.description) == ("A better name", "What it is.")
    assert "Its submitter changed title or description." in visit(f"/i/{item.pk}/a-better-name").main


@pytest.mark.parametrize("title", ["", "\u200b", "x" * 501])
def test_a_fault_stands_at_its_field_and_nothing_is_lost(send, cast, mine, title):
    answer = send(f"/i/{mine.pk}/edit", who=cast.reader, title=title, description="My new words.")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_title_error"' in html
    assert "My new words." in html


def test_who_changes_all_the_time_is_told_when_to_go_on(send, cast, mine):
    for n in range(11):
        answer = send(f"/i/{mine.pk}/edit", who=cast.reader, title=f"Edition {n}")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3601
    assert re.search(r"go on a little later\. Possible again in (1 hour|\d+ minutes)\.", answer.content.decode())
    assert 'value="Edition 10"' in answer.content.decode()


def test_after_a_while_it_is_as_it_is(send, visit, cast, mine):
    Item.objects.update(admitted_at=timezone.now() - timedelta(days=2))
    assert "cannot be changed any more" in visit(f"/i/{mine.pk}/edit", who=cast.reader, status=409).main
    assert send(f"/i/{mine.pk}/edit", title="Late").status_code == 409
    assert Item.objects.get().title == HOSTILE


def test_another_does_not_find_it(send, visit, cast, mine):
    visit(f"/i/{mine.pk}/edit", who=cast.operator, status=404)
    assert send(f"/i/{mine.pk}/edit", title="Theirs").status_code == 404
