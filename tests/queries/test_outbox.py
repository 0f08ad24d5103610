"""Deliveries say where they stand and when they are tried next."""

import pytest
from django.utils import timezone

from winnow.core.errors import NotFoundError
from winnow.models import Job, Message, Webhook
from winnow.queries.outbox import PER_HOOK, deliveries, webhook_of, webhooks
from winnow.services.outbox import send_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def hook():
    return Webhook.objects.create(url="https://hook.test/", events=[], salt="s")


def send(hook):
    return send_webhook(hook=hook, event="test", data={})


def test_each_delivery_says_where_it_stands(hook):
    now = timezone.now()
    waits, sent, given_up = send(hook), send(hook), send(hook)
    Message.objects.filter(pk=sent.pk).update(sent_at=now)
    Message.objects.filter(pk=given_up.pk).update(gave_up_at=now)
    Job.objects.filter(key=str(sent.pk)).update(done_at=now)
    Job.objects.filter(key=str(given_up.pk)).update(parked_at=now)
    found = [(one.message.pk, one.state, one.next_at is not None) for one in deliveries(hook)]
    assert found == [(given_up.pk, "given up", False), (sent.pk, "sent", False), (waits.pk, "waits", True)]


def test_the_newest_few_of_the_one_hook(hook, django_assert_num_queries):
    other = Webhook.objects.create(url="https://other.test/", events=[], salt="s")
    send(other)
    for _ in range(PER_HOOK + 1):
        send(hook)
    with django_assert_num_queries(2):
        assert len(deliveries(hook)) == PER_HOOK
    assert [one.pk for one in webhooks()] == [other.pk, hook.pk]


@pytest.mark.parametrize("pk", [0, -1, 99, 2**63])
def test_what_is_not_there_is_not_found(db, pk):
    with pytest.raises(NotFoundError):
        webhook_of(pk)
