"""Send what stands in the outbox: mails to the relay, calls to webhooks, through the one door to the network.

A call is signed as `Winnow-Signature: t=SECONDS,v1=HEX`, where HEX is HMAC-SHA256 (RFC 2104) under the hook's secret of
SECONDS, a full stop and the body; `docs/reference/webhooks.md` shows how it is checked.
"""

import hashlib
import hmac
import json
import random
import time
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from winnow.core.errors import FetchError
from winnow.core.text import clean
from winnow.egress.mail import hand_over
from winnow.models import Account, Message, Webhook
from winnow.services.jobs import PutOffError
from winnow.services.log import record_event
from winnow.services.network import client, relay

# A hook that nothing reached for so long is switched off with the next delivery that is given up.
FAILS_FOR = timedelta(days=3)
FIRST_REST, LONGEST_REST = 5.0, 900.0
GONE = 410
_NEVER = ("mail_refused", "bad_address", "blocked_address")
# Places that do not answer, and until when (of `time.monotonic`) nobody tries them, after how many failures. Of this process
# alone: it only keeps one dead place from taking the worker's time from all others.
_resting: dict[str, tuple[int, float]] = {}


def deliver(pk: int) -> None:
    """Send one message unless it was sent or given up. Raises FetchError where it may go well later, or PutOffError."""
    message = Message.objects.filter(pk=pk, sent_at=None, gave_up_at=None).select_related("hook", "account").first()
    if message is None:
        return
    if message.account is not None and not message.account.is_active:
        Message.objects.filter(pk=pk).update(gave_up_at=timezone.now(), error="the account is closed")
        return
    place = f"hook {message.hook_id}" if message.hook_id else "mail"
    _wait_for(place)
    try:
        status = _sent(message)
    except FetchError as error:
        _failed(message, error)
        if error.code in _NEVER or _is_gone(error):
            give_up(pk)
            return
        _rest(place, error.retry_after)
        raise
    _resting.pop(place, None)
    _arrived(message, status)


@transaction.atomic
def give_up(pk: int) -> None:
    """Try a message no more; its last error stands. What kept failing for long, or is gone, is switched off."""
    Message.objects.filter(pk=pk, sent_at=None, gave_up_at=None).update(gave_up_at=timezone.now())
    message = Message.objects.select_related("hook").filter(pk=pk, hook__is_active=True).first()
    if message is None or message.hook is None:
        return
    since = message.hook.failing_since
    if message.status == GONE:
        switch_off(message.hook, "the server says that this address is gone for good (410)")
    elif since is not None and timezone.now() - since >= FAILS_FOR:
        switch_off(message.hook, f"nothing arrived since {since:%d %B %Y}; the last failure: {message.error}")


@transaction.atomic
def switch_off(hook: Webhook, note: str, *, account: Account | None = None) -> None:
    """Call a hook no more, and say why; what waits for it is given up."""
    Webhook.objects.filter(pk=hook.pk).update(is_active=False, note=note[:300])
    waits = Message.objects.filter(hook=hook, sent_at=None, gave_up_at=None)
    waits.update(gave_up_at=timezone.now(), error="the webhook was switched off")
    record_event("webhook.switched_off", account=account, is_public=False, hook=hook.pk, note=note[:300])


def secret_of(hook: Webhook) -> str:
    """What signs the calls of a hook; another secret of the installation makes it another."""
    return "whs_" + salted_hmac("winnow.webhook", hook.salt, algorithm="sha256").hexdigest()


def signature(secret: str, body: bytes, *, at: int) -> str:
    """What `Winnow-Signature` says of a body sent at a moment (seconds since 1970).

    >>> signature("s", b"{}", at=1)
    't=1,v1=b253639bcd705ed1cda3073f66104f16988bd40272584dea7d0d345ae93e61cc'
    """
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


def mail_of(message: Message) -> EmailMessage:
    """A mail as it is handed over. Raises ValueError for a header that holds a line break."""
    mail = EmailMessage()
    host = _mail_host()
    mail["From"] = settings.MAIL_FROM or f"Winnow <winnow@{host}>"
    mail["To"] = message.to
    mail["Subject"] = message.content["subject"]
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.delivery}@{host}>"
    # Made by a program (RFC 3834): no holiday notice answers it.
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in message.content["headers"].items():
        mail[name] = value
    mail.set_content(message.content["text"])
    if message.content["html"]:
        mail.add_alternative(message.content["html"], subtype="html")
    return mail


def _mail_host() -> str:
    """The name of this site as it stands in mails, where an address in figures is no name."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    return host if host.rpartition(".")[2].isalpha() else "localhost"


def _sent(message: Message) -> int | None:
    """Send, and say with which status a webhook answered."""
    if message.hook is not None:
        return _call(message, message.hook)
    if not relay().is_set:
        raise PutOffError("this installation sends no mail now", until=timezone.now() + timedelta(hours=1))
    hand_over(mail_of(message), relay())
    return None


def _call(message: Message, hook: Webhook) -> int:
    body = json.dumps(message.content, ensure_ascii=False, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json",
        "Winnow-Event": message.event,
        "Winnow-Delivery": message.delivery,
        "Winnow-Signature": signature(secret_of(hook), body, at=int(time.time())),
    }
    return client().post(hook.url, body, headers=headers).status


def _arrived(message: Message, status: int | None) -> None:
    done = {"sent_at": timezone.now(), "status": status, "error": "", "n_attempts": F("n_attempts") + 1}
    Message.objects.filter(pk=message.pk, sent_at=None).update(**done, gave_up_at=None)
    if message.hook is not None and message.hook.failing_since is not None:
        Webhook.objects.filter(pk=message.hook.pk).update(failing_since=None)


def _failed(message: Message, error: FetchError) -> None:
    told = {"error": clean(str(error), 500), "status": _status(error), "n_attempts": F("n_attempts") + 1}
    Message.objects.filter(pk=message.pk, sent_at=None).update(**told)
    if message.hook is not None:
        Webhook.objects.filter(pk=message.hook.pk, failing_since=None).update(failing_since=timezone.now())


def _status(error: FetchError) -> int | None:
    last = str(error).rpartition(" ")[2]
    return int(last) if error.code == "status" and last.isdecimal() else None


def _is_gone(error: FetchError) -> bool:
    return _status(error) == GONE


def _wait_for(place: str) -> None:
    """Raises PutOffError while a place rests; not all of its messages come back at the same instant."""
    left = _resting.get(place, (0, 0.0))[1] - time.monotonic()
    if left > 0:
        raise PutOffError("the other side does not answer just now", until=_in(left))


def _in(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds * random.uniform(1.0, 1.3))  # noqa: S311 - jitter, no secret


def _rest(place: str, asked: float | None) -> None:
    n_failed = _resting.get(place, (0, 0.0))[0] + 1
    seconds = min(LONGEST_REST, max(FIRST_REST * 2.0 ** (n_failed - 1), asked or 0.0))
    _resting[place] = (n_failed, time.monotonic() + seconds)
