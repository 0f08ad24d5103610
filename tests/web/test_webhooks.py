"""The operators' page of webhooks."""

import pytest
from django.utils import timezone

from winnow.models import Message, Webhook
from winnow.services.deliver import secret_of
from winnow.services.outbox import send_webhook

pytestmark = pytest.mark.django_db
URL = "https://hook.example.org/x"


@pytest.fixture
def hook():
    return Webhook.objects.create(url=URL, events=["item.published"], salt="s")


def test_a_new_one_shows_its_secret_this_once(send, visit, cast):
    answer = send("/webhooks/make", cast.operator, url=URL, event=["item.published", "alert.opened"])
    secret = secret_of(Webhook.objects.get())
    assert (secret in answer.content.decode(), "no-store" in answer["Cache-Control"]) == (True, True)
    page = visit("/webhooks", cast.operator).text
    assert (secret in page, URL in page) == (False, True)


def test_what_cannot_be_one_is_told_beside_the_form(send, cast):
    answer = send("/webhooks/make", cast.operator, url="ftp://x", event="item.published")
    page = answer.content.decode()
    assert (answer.status_code, 'role="alert"' in page, 'value="ftp://x"' in page) == (422, True, True)
    assert 'value="item.published" checked' in page


def test_deliveries_are_shown_with_state_attempts_and_answer(visit, cast, hook):
    send_webhook(hook=hook, event="item.published", data={})
    Message.objects.update(n_attempts=3, error="the server answered 503", status=503)
    page = visit("/webhooks", cast.operator).main
    assert "waits, next" in page
    assert all(words in page for words in (">3<", "the server answered 503", "item.published"))


def test_a_test_is_sent(send, cast, hook):
    assert send(f"/webhooks/{hook.pk}/try", cast.operator).status_code == 302
    assert Message.objects.get().event == "test"


def test_off_on_and_gone(send, visit, cast, hook):
    send(f"/webhooks/{hook.pk}/switch", cast.operator, to="off")
    assert "switched off by an operator" in visit("/webhooks", cast.operator).main
    assert send(f"/webhooks/{hook.pk}/try", cast.operator).status_code == 409
    send(f"/webhooks/{hook.pk}/switch", cast.operator, to="on")
    hook.refresh_from_db()
    assert hook.is_active
    send(f"/webhooks/{hook.pk}/remove", cast.operator)
    assert "There is none yet." in visit("/webhooks", cast.operator).main


def test_one_that_fails_says_since_when(visit, cast, hook):
    Webhook.objects.update(failing_since=timezone.now())
    assert "nothing arrives" in visit("/webhooks", cast.operator).main


def test_h1_an_address_is_text(visit, cast):
    Webhook.objects.create(url='https://x.org/"><script>alert(1)</script>', events=[], salt="s", note="<b>n</b>")
    assert "<script>alert" not in visit("/webhooks", cast.operator).main


@pytest.mark.parametrize("role", ["reader", "reviewer", "engineer", "owner"])
def test_a8_nobody_else_gets_in(visit, send, cast, hook, role):
    visit("/webhooks", getattr(cast, role), status=403)
    assert send(f"/webhooks/{hook.pk}/remove", getattr(cast, role)).status_code == 403
    assert Webhook.objects.exists()
