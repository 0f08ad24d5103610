"""Webhooks, what was sent to them, and what waits."""

from dataclasses import dataclass
from datetime import datetime

from winnow.core.errors import NotFoundError
from winnow.models import Job, Message, Webhook

PER_HOOK = 10
KIND = "send"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message and where it stands: `sent`, `given up` or `waits`, then with when it is tried next."""

    message: Message
    state: str
    next_at: datetime | None


def webhooks() -> list[Webhook]:
    """All of them, newest first."""
    return list(Webhook.objects.select_related("made_by").order_by("-pk"))


def webhook_of(pk: int) -> Webhook:
    """One of them. Raises NotFoundError."""
    hook = Webhook.objects.filter(pk=pk).first() if 0 < pk < 2**63 else None
    if hook is None:
        raise NotFoundError("there is no such webhook")
    return hook


def deliveries(hook: Webhook, *, limit: int = PER_HOOK) -> list[Delivery]:
    """The newest of a webhook."""
    messages = list(Message.objects.filter(hook=hook).order_by("-pk")[:limit])
    waits = Job.objects.filter(kind=KIND, key__in=[str(message.pk) for message in messages], done_at=None)
    due = {job.key: job.run_at for job in waits.filter(parked_at=None)}
    return [Delivery(message, _state(message), due.get(str(message.pk))) for message in messages]


def _state(message: Message) -> str:
    if message.sent_at is not None:
        return "sent"
    return "given up" if message.gave_up_at is not None else "waits"
