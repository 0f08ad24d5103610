"""What is to be sent elsewhere: written with its cause in one transaction, and sent by the worker (`deliver.py`).

Each goes out at least once, and at most once more for each time that a worker dies while it sends.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from winnow.core.text import clean
from winnow.models import Account, Job, Message, Webhook
from winnow.services.jobs import enqueue
from winnow.services.network import relay

KIND = "send"
EVENTS = ("item.published", "item.retagged", "report.decided", "alert.opened")
KEPT = timedelta(days=30)
MAX_SUBJECT = 150


@transaction.atomic
def send_mail(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    account: Account | None = None,
    headers: Mapping[str, str] | None = None,
) -> Message | None:
    """Write a mail; the same key is one mail. None where this installation sends no mail.

    `html` is the same once more, in markup of our own with all foreign text escaped. `account` is whose it is: the mail
    goes with the account.
    """
    if not relay().is_set:
        return None
    content = {"subject": clean(subject, MAX_SUBJECT), "text": text, "html": html, "headers": dict(headers or {})}
    return _put(Message(kind=Message.Kind.MAIL, key=key, to=to, account=account, content=content))


@transaction.atomic
def send_webhook(*, hook: Webhook, event: str, data: Mapping[str, Any], key: str = "") -> Message:
    """Write a call of one webhook; `data` is plain JSON. The same event and key is one call."""
    delivery = secrets.token_hex(16)
    content = {"event": event, "delivery": delivery, "at": timezone.now().isoformat(), "data": dict(data)}
    about = f"{event}:{hook.pk}:{key or delivery}"
    return _put(Message(kind=Message.Kind.CALL, key=about, delivery=delivery, hook=hook, event=event, content=content))


def notify(kind: str, payload: Mapping[str, Any], *, key: str = "") -> int:
    """Tell every webhook that listens to an event of EVENTS, in the caller's transaction; how many there are."""
    hooks = [hook for hook in Webhook.objects.filter(is_active=True) if kind in hook.events]
    for hook in hooks:
        send_webhook(hook=hook, event=kind, data=payload, key=key)
    return len(hooks)


def drop_old() -> int:
    """Forget what was sent or given up a month ago, its jobs with it; what waits is kept however old it is."""
    old = timezone.now() - KEPT
    ended = Message.objects.filter(~Q(sent_at=None) | ~Q(gave_up_at=None), created_at__lt=old)
    if not ended.exists():
        return 0
    Job.objects.filter(kind=KIND, created_at__lt=old).exclude(done_at=None, parked_at=None).delete()
    return ended.delete()[0]


def _put(message: Message) -> Message:
    """Store a message that is not there yet, with the job that sends it."""
    message.delivery = message.delivery or secrets.token_hex(16)
    names = ("kind", "delivery", "to", "account", "hook", "event", "content")
    given = {name: getattr(message, name) for name in names}
    found, is_new = Message.objects.get_or_create(key=message.key, defaults=given)
    if is_new:
        enqueue(KIND, str(found.pk))
    return found
