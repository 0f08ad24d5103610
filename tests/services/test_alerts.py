"""Alerts are opened once, told once, and closed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from winnow.models import Alert, Event, Message, Webhook
from winnow.queries.alerts import closed_alerts, open_alerts
from winnow.services.alerts import close_alert, open_alert, payload

pytestmark = pytest.mark.django_db
WORDS = {"says": "the model is away", "remedy": "put its folder back"}


@pytest.fixture
def hook():
    return Webhook.objects.create(url="https://hook.test/", events=["alert.opened"], salt="s")


def test_a_matter_is_one_alert_and_one_call_however_often_it_is_found(hook):
    first = open_alert("away", "v5-1", **WORDS)
    again = open_alert("away", "v5-1", says="still away", remedy="put it back")
    assert (again.pk, again.n, again.says, again.remedy) == (first.pk, 2, "still away", "put it back")
    (call,) = Message.objects.filter(hook=hook)
    assert call.content["data"] == {"alert": payload(first)}
    (event,) = Event.objects.filter(kind="alert.opened")
    assert (event.data["says"], event.data["subject"], event.is_public) == ("the model is away", "v5-1", True)


def test_another_kind_or_subject_is_another_matter():
    open_alert("away", "v5-1", **WORDS)
    open_alert("away", "v5-2", **WORDS)
    open_alert("drift", "v5-1", **WORDS)
    assert [str(one) for one in open_alerts()] == ["drift v5-1", "away v5-2", "away v5-1"]


def test_a_closed_one_is_closed_once_and_may_come_again(hook):
    first = open_alert("away", "v5-1", **WORDS)
    assert (close_alert("away", "v5-1"), close_alert("away", "v5-1"), close_alert("away")) == (True, False, False)
    assert Event.objects.filter(kind="alert.closed").count() == 1
    assert closed_alerts() == [first]
    assert open_alert("away", "v5-1", **WORDS).pk != first.pk
    assert Message.objects.filter(hook=hook).count() == 2


def test_it_goes_with_its_cause(hook):
    with transaction.atomic():
        open_alert("away", "v5-1", **WORDS)
        transaction.set_rollback(True)
    assert not Alert.objects.exists()
    assert not Message.objects.exists()


def test_long_words_are_cut():
    assert len(open_alert("away", "v5-1", says="a" * 900, remedy="b" * 900).says) == 500


@pytest.mark.django_db(transaction=True)
def test_found_by_many_at_once_it_is_one(hook):
    def find(_):
        try:
            return open_alert("away", "v5-1", **WORDS).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(find, range(6)))
    assert len(found) == 1
    assert Alert.objects.get().n == 6
    assert Message.objects.filter(hook=hook).count() == 1


@pytest.fixture
def told(settings, tmp_path):
    """Two addresses that are told, and a relay."""
    settings.ALERT_MAIL = ("ada@example.org", "bo@example.org")
    settings.MAIL_RELAY = settings.MAIL_RELAY | {"folder": tmp_path}
    return settings.ALERT_MAIL


def test_those_who_are_named_get_one_mail_when_it_opens_and_one_when_it_is_in_order(told):
    open_alert("away", "v5-1", **WORDS)
    open_alert("away", "v5-1", says="still away", remedy="put it back")
    mails = Message.objects.filter(kind=Message.Kind.MAIL)
    assert sorted(mail.to for mail in mails) == sorted(told)
    assert {mail.content["subject"] for mail in mails} == {"Winnow, look: away v5-1"}
    assert "What to do: put its folder back" in mails[0].content["text"]
    close_alert("away", "v5-1")
    close_alert("away", "v5-1")
    assert [mail.content["subject"] for mail in mails.order_by("pk")[2:]] == ["Winnow, in order again: away v5-1"] * 2


def test_without_a_relay_it_is_an_alert_all_the_same(settings):
    settings.ALERT_MAIL = ("ada@example.org",)
    assert open_alert("away", "v5-1", **WORDS).pk
    assert not Message.objects.exists()
