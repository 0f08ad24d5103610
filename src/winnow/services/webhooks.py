"""Programs elsewhere that are told of events: made, tried, switched, removed by operators."""

import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.db import transaction

from winnow.core.errors import ConflictError, FetchError, InputError
from winnow.egress.targets import parse_target
from winnow.models import Account, Message, Webhook
from winnow.services.deliver import secret_of, switch_off
from winnow.services.log import record_event
from winnow.services.outbox import EVENTS, send_webhook

MAX_HOOKS = 50
MAX_URL = 2000
TEST = "test"


@transaction.atomic
def make_webhook(*, url: str, events: Sequence[str], account: Account | None = None) -> tuple[Webhook, str]:
    """A webhook for these events, and its secret, to be shown once. Raises InputError, ConflictError for too many."""
    url = url.strip()
    _check(url, events)
    if Webhook.objects.count() >= MAX_HOOKS:
        raise ConflictError(f"there are {MAX_HOOKS} webhooks; remove one first")
    hook = Webhook.objects.create(url=url, events=sorted(set(events)), salt=secrets.token_hex(16), made_by=account)
    # The path of an address can be a secret of the other side.
    record_event("webhook.made", account=account, is_public=False, hook=hook.pk, host=urlsplit(url).hostname)
    return hook, secret_of(hook)


def try_webhook(*, hook: Webhook) -> Message:
    """Send something to look at. Raises ConflictError where the webhook is off."""
    if not hook.is_active:
        raise ConflictError("this webhook is off; switch it on first")
    return send_webhook(hook=hook, event=TEST, data={"says": "This is a test."})


@transaction.atomic
def switch_webhook(*, hook: Webhook, is_on: bool, account: Account | None = None) -> None:
    """Switch a webhook on, with its failures forgotten, or off, with what waits for it given up."""
    if not is_on:
        switch_off(hook, "switched off by an operator", account=account)
        return
    Webhook.objects.filter(pk=hook.pk).update(is_active=True, failing_since=None, note="")
    record_event("webhook.switched_on", account=account, is_public=False, hook=hook.pk)


@transaction.atomic
def remove_webhook(*, hook: Webhook, account: Account | None = None) -> None:
    """Forget a webhook, with its deliveries."""
    record_event("webhook.removed", account=account, is_public=False, hook=hook.pk)
    hook.delete()


def _check(url: str, events: Sequence[str]) -> None:
    if len(url) > MAX_URL:
        raise InputError(f"url: at most {MAX_URL} signs")
    try:
        parse_target(url)
    except FetchError as error:
        raise InputError(f"url: {error}") from error
    wrong = [event for event in events if event not in EVENTS]
    if wrong or not events:
        found = f"{wrong[0][:40]!r} is none" if wrong else "none is chosen"
        raise InputError(f"event: {found}; there are {', '.join(EVENTS)}")
