"""Rows of the outbox are of one kind and end once."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from winnow.models import Mailbox, Message, Webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def hook():
    return Webhook.objects.create(url="https://hook.test/", events=[], salt="s")


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_a_call_has_a_hook_and_a_mail_has_none(hook):
    refused(lambda: Message.objects.create(kind="call", key="1", delivery="1", content={}))
    refused(lambda: Message.objects.create(kind="mail", key="1", delivery="1", content={}, hook=hook))


def test_nothing_is_sent_and_given_up():
    now = timezone.now()
    refused(lambda: Message.objects.create(kind="mail", key="1", delivery="1", content={}, sent_at=now, gave_up_at=now))


def test_key_and_name_are_of_one_message_alone():
    Message.objects.create(kind="mail", key="1", delivery="1", content={})
    refused(lambda: Message.objects.create(kind="mail", key="1", delivery="2", content={}))
    refused(lambda: Message.objects.create(kind="mail", key="2", delivery="1", content={}))


def test_a_digest_comes_at_a_known_pace(cast):
    refused(lambda: Mailbox.objects.create(account=cast.reader, address="a@example.org", every="hourly"))


def test_a_hook_takes_its_messages_along(hook):
    Message.objects.create(kind="call", key="1", delivery="1", content={}, hook=hook)
    hook.delete()
    assert not Message.objects.exists()
