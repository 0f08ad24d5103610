"""What is written to be sent is written with its cause, once, and forgotten a month after it ended."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from winnow.models import Job, Message, Webhook
from winnow.services.outbox import KEPT, KIND, drop_old, notify, send_mail, send_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_folder(settings, tmp_path):
    settings.MAIL_RELAY = {"folder": tmp_path / "mail"}


@pytest.fixture
def hooks(db):
    def hook(*events, **more):
        return Webhook.objects.create(url="https://hook.test/", events=list(events), salt="s", **more)

    return [hook("item.published"), hook("item.published", "alert.opened"), hook("item.published", is_active=False)]


def mail(key="k", **more):
    return send_mail(**{"key": key, "to": "a@example.org", "subject": "S", "text": "T", **more})


def test_a_mail_is_a_row_and_a_job():
    message = mail()
    job = Job.objects.get()
    assert (job.kind, job.key, message.content["subject"]) == (KIND, str(message.pk), "S")


def test_the_same_key_is_one_mail():
    assert mail().pk == mail(subject="another").pk
    assert (Message.objects.count(), Job.objects.count()) == (1, 1)


def test_without_a_relay_no_mail_is_written(settings):
    settings.MAIL_RELAY = {}
    assert (mail(), Message.objects.count()) == (None, 0)


def test_j6_what_its_cause_takes_back_is_not_there():
    with transaction.atomic():
        mail()
        transaction.set_rollback(True)
    assert (Message.objects.count(), Job.objects.count()) == (0, 0)


def test_h6_a_subject_is_one_line_without_signs_that_turn_it_round():
    message = mail(subject="One\r\nBcc: all@example.org \u202eevil\u2066 " + "x" * 500)
    assert message.content["subject"].startswith("One Bcc: all@example.org evil x")
    assert len(message.content["subject"]) == 150


def test_an_event_goes_to_the_hooks_that_listen_and_live(hooks):
    assert notify("item.published", {"n": 1}) == 2
    assert {(m.hook_id, m.content["data"]["n"]) for m in Message.objects.all()} == {(h.pk, 1) for h in hooks[:2]}
    assert notify("alert.opened", {}) == 1
    assert notify("report.decided", {}) == 0


def test_a_call_names_itself_inside_and_outside_alike(hooks):
    message = send_webhook(hook=hooks[0], event="test", data={"says": "x"})
    assert message.content == {
        "event": "test",
        "delivery": message.delivery,
        "at": message.content["at"],
        "data": {"says": "x"},
    }


def test_an_event_with_a_key_is_told_once(hooks):
    for _ in range(2):
        notify("item.published", {}, key="7")
    assert Message.objects.count() == 2
    for _ in range(2):
        notify("item.published", {})
    assert Message.objects.count() == 6


def test_what_ended_a_month_ago_is_forgotten_and_what_waits_is_not():
    now, old = timezone.now(), timezone.now() - KEPT - timedelta(days=1)
    sent, given_up, waits, young = (mail(key) for key in ("sent", "given up", "waits", "young"))
    Message.objects.exclude(pk=young.pk).update(created_at=old)
    Job.objects.exclude(key=str(young.pk)).update(created_at=old)
    Message.objects.filter(pk__in=[sent.pk, young.pk]).update(sent_at=now)
    Message.objects.filter(pk=given_up.pk).update(gave_up_at=now)
    Job.objects.exclude(key=str(waits.pk)).update(done_at=now)
    assert drop_old() == 2
    assert set(Message.objects.values_list("pk", flat=True)) == {waits.pk, young.pk}
    assert set(Job.objects.values_list("key", flat=True)) == {str(waits.pk), str(young.pk)}
    assert drop_old() == 0
