"""What one sent in, and the ways to ask for another decision."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from winnow.models import Account, Item, Report, ReviewTask
from winnow.services.report import report_item
from winnow.services.review import label_task

HOSTILE = "<script>alert(1)</script>"


def test_an_empty_page_says_what_to_do(visit, cast):
    assert visit("/yours", who=cast.reader).all(r'<p class="empty">.*?<a href="([^"]+)"') == ["/submit", "/recent"]


def test_each_submission_says_where_it_is_and_why(visit, make_item, cast):
    face = make_item("The face", state="published")
    make_item(HOSTILE, state="published", submitted_by=cast.reader)
    make_item("Waits", state="in_review", submitted_by=cast.reader)
    make_item("Not ours", state="rejected", submitted_by=cast.reader)
    make_item("Another's", state="published", submitted_by=cast.reviewer)
    html = visit("/yours", who=cast.reader).main
    assert "published under MLOps" in html
    assert "waits for a person" in html
    assert "withheld: not machine learning" in html
    assert "&lt;script&gt;" in html
    assert "Another&#x27;s" not in html
    assert face.title not in html
    assert html.count('action="/i/') == 5
    assert len(re.findall(r'href="/i/\d+/edit"', html)) == 2


def test_each_report_says_what_came_of_it(visit, make_item, cast, tags):
    report_item(item=make_item("Reported", state="published"), reporter="a", tag=tags["other"], account=cast.reader)
    assert "waits for a person" in visit("/yours", who=cast.reader).main


def test_the_bookmarklet_is_text_and_no_link(visit, cast):
    html = visit("/yours", who=cast.reader).main
    assert "javascript:location.href=&#x27;http://testserver/submit?url=&#x27;" in html
    assert 'href="javascript' not in html


def test_an_appeal_is_sent_and_said(send, visit, make_item, cast):
    item = make_item(state="rejected", submitted_by=cast.reader)
    answer = send(f"/i/{item.pk}/appeal", who=cast.reader, note="It is about models.")
    assert answer["Location"] == "/yours"
    assert ReviewTask.objects.get().reason == "appeal"
    html = visit("/yours")
    assert "A person will look at what you wrote" in html.main
    assert "Appeal" in html.main


def test_without_a_reason_nothing_is_sent(send, make_item, cast):
    item = make_item(state="rejected", submitted_by=cast.reader)
    send(f"/i/{item.pk}/appeal", who=cast.reader, note="")
    send(f"/i/{item.pk}/take-down", who=cast.reader, note="")
    assert Report.objects.count() == 0


def test_withdrawing_takes_it_off_the_site(send, client, make_item, cast):
    item = make_item(state="published", submitted_by=cast.reader)
    send(f"/i/{item.pk}/withdraw", who=cast.reader)
    assert Item.objects.get().state == "removed"
    assert client.get(f"/i/{item.pk}").status_code == 404


def test_another_may_neither_appeal_nor_withdraw(send, make_item, cast):
    item = make_item(state="published", submitted_by=cast.reviewer)
    for end in ("appeal", "withdraw"):
        assert send(f"/i/{item.pk}/{end}", who=cast.reader, note="x").status_code == 409
    assert Item.objects.get().state == "published"


@pytest.mark.parametrize(("allowed", "n"), [(True, 1), (False, 0)])
def test_strangers_ask_for_a_take_down_where_they_may(send, make_item, settings, allowed, n):
    settings.ANONYMOUS_REPORTS = allowed
    item = make_item(state="published")
    send(f"/i/{item.pk}/take-down", note="My name is in it.")
    assert Report.objects.filter(kind="take_down").count() == n


def test_an_engineer_takes_it_down_by_one_key(send, visit, make_item, cast):
    item = make_item(state="published")
    send(f"/i/{item.pk}/take-down", note="My name is in it.", who=cast.reader)
    html = visit("/review", who=cast.engineer)
    assert html.all(r'name="tag" value="remove" data-key="(\w)"') == ["d"]
    assert "My name is in it." in html.main
    task = ReviewTask.objects.get()
    send(f"/review/{task.pk}/label", tag="remove", token=task.token)
    assert Item.objects.get(pk=item.pk).state == "removed"


def test_what_is_withdrawn_can_be_put_back_for_a_while(send, visit, make_item, cast, settings):
    item = make_item("Mine", state="published", submitted_by=cast.reader)
    send(f"/i/{item.pk}/withdraw", who=cast.reader)
    assert f'action="/i/{item.pk}/put-back"' in visit("/yours").main
    settings.EDIT_HOURS = 0
    assert "put-back" not in visit("/yours").main
    assert send(f"/i/{item.pk}/put-back").status_code == 409
    settings.EDIT_HOURS = 24
    assert send(f"/i/{item.pk}/put-back")["Location"] == "/yours"
    assert Item.objects.get().state == "published"


def test_answers_are_counted_on_every_page_until_they_are_read(visit, make_item, cast, tags):
    report_item(item=make_item("Reported", state="published"), reporter="a", tag=tags["other"], account=cast.reader)
    Account.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert "answer" not in visit("/tags", who=cast.reader).text
    label_task(task=ReviewTask.objects.get(), tag=tags["other"], account=cast.reviewer)
    assert visit("/tags").all(r'<a href="/yours">([^<]+)</a>') == ["1 answer"]
    assert visit("/yours").main.count("<strong>new</strong>") == 1
    assert "1 answer" not in visit("/tags").text
    assert "<strong>new</strong>" not in visit("/yours").main


def test_the_number_of_queries_does_not_grow(client, make_item, cast, django_assert_num_queries):
    def fill(n):
        for _ in range(n):
            make_item(state="published", submitted_by=cast.reader)
            report_item(item=make_item(state="published"), reporter=f"account:{cast.reader.pk}", account=cast.reader)

    client.force_login(cast.reader)
    fill(1)
    with CaptureQueriesContext(connection) as few:
        client.get("/yours")
    fill(5)
    with django_assert_num_queries(len(few)):
        client.get("/yours")
