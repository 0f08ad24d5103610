"""Who sent something in is told by mail what others decided, once, and not what they have seen already."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.models import Event, Item, Mailbox, Message, Report
from winnow.services.answer import mark_told
from winnow.services.mail_answers import PAUSE, due_answers, write_answers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_folder(settings, tmp_path):
    settings.MAIL_RELAY = {"folder": tmp_path / "mail"}


@pytest.fixture
def box(cast):
    then = timezone.now() - timedelta(hours=5)
    type(cast.reader).objects.filter(pk=cast.reader.pk).update(created_at=then)
    return Mailbox.objects.create(account=cast.reader, address="reader@example.org", confirmed_at=then, answers_at=then)


@pytest.fixture
def decided(make_item, cast):
    """A work of the reader about which somebody decided so long ago."""

    def decided(title="My work", ago=timedelta(hours=2)):
        item = make_item(title, state="published", submitted_by=cast.reader)
        Item.objects.filter(pk=item.pk).update(admitted_at=timezone.now() - timedelta(days=1))
        Event.objects.filter(item=item).update(created_at=timezone.now() - ago)
        return item

    return decided


def test_a_decision_about_ones_work_is_told_once(box, decided):
    decided()
    now = timezone.now()
    assert due_answers(now) == [box.pk]
    assert [write_answers(box.pk, now) for _ in range(2)] == [True, False]
    content = Message.objects.get().content
    assert (content["subject"], "  My work\n" in content["text"]) == ("1 answer to what you sent in", True)
    assert not write_answers(box.pk, now + 2 * PAUSE)


def test_an_answer_to_a_report_is_told(box, make_item, cast):
    then = timezone.now() - timedelta(hours=1)
    Report.objects.create(
        item=make_item(state="published"), kind="wrong_tag", account=cast.reader, reporter="r", decided_at=then
    )
    assert write_answers(box.pk, timezone.now())


def test_what_was_seen_on_the_site_is_not_told(box, decided, cast):
    decided()
    mark_told(cast.reader, at=timezone.now())
    assert not write_answers(box.pk, timezone.now())


def test_what_is_decided_this_very_moment_is_told_by_the_next(box, decided):
    decided(ago=timedelta(0))
    now = timezone.now()
    assert not write_answers(box.pk, now)
    assert write_answers(box.pk, now + 2 * PAUSE)


def test_many_are_named_in_part(box, decided):
    for n in range(12):
        decided(f"Work {n}")
    write_answers(box.pk, timezone.now())
    text = Message.objects.get().content["text"]
    assert (text.count("  Work "), "  and 2 more" in text) == (10, True)


@pytest.mark.parametrize("change", [{"wants_answers": False}, {"confirmed_at": None}])
def test_who_wants_none_gets_none(box, decided, change):
    decided()
    Mailbox.objects.update(**change)
    assert (due_answers(timezone.now()), write_answers(box.pk, timezone.now())) == ([], False)


def test_without_a_relay_none_is_due(box, settings):
    settings.MAIL_RELAY = {}
    assert due_answers(timezone.now()) == []


def test_h6_a_title_is_one_line(box, decided):
    decided("Mine\r\n\r\nBuy now")
    write_answers(box.pk, timezone.now())
    assert "  Mine Buy now\n" in Message.objects.get().content["text"]
