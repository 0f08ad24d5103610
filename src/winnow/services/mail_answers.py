"""Whoever sent something in or reported something is told by mail what was decided, at most once an hour."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from winnow.core.text import clean
from winnow.models import Item, Mailbox
from winnow.queries.feedback import news_of
from winnow.services.mailbox import ANSWERS, can_mail, stop_headers, stop_link
from winnow.services.outbox import send_mail

KIND = "answers"
PAUSE = timedelta(hours=1)
# What is decided within this time may not be there yet for others to see; the next mail has it.
SETTLES = timedelta(minutes=1)
BATCH = 100
NAMED = 10


def due_answers(now: datetime) -> list[int]:
    """Whose mail with answers may be due, by the number of the account, BATCH at most; nobody's where no mail is sent."""
    return list(_due(now).values_list("pk", flat=True)[:BATCH]) if can_mail() else []


def write_answers(pk: int, now: datetime) -> bool:
    """Tell an account what it has not seen yet; whether there was something."""
    box = _due(now).filter(pk=pk).select_related("account").first()
    return box is not None and _write(box, now - SETTLES)


def _due(now: datetime) -> QuerySet[Mailbox]:
    due = Mailbox.objects.filter(answers_at__lt=now - PAUSE, wants_answers=True, account__is_active=True)
    return due.filter(confirmed_at__isnull=False).order_by("answers_at")


@transaction.atomic
def _write(box: Mailbox, until: datetime) -> bool:
    """The mail and the mark up to when it tells, together; of two workers one does."""
    if not Mailbox.objects.filter(pk=box.pk, answers_at=box.answers_at).update(answers_at=until):
        return False
    news = news_of(box.account, since=box.answers_at, until=until)
    if not news:
        return False
    link = stop_link(box.pk, ANSWERS)
    return bool(
        send_mail(
            key=f"{ANSWERS}:{box.pk}:{until.isoformat()}",
            to=box.address,
            subject=f"{len(news)} {'answer' if len(news) == 1 else 'answers'} to what you sent in",
            text=_text(news, link),
            account=box.account,
            headers=stop_headers(link),
        )
    )


def _text(news: set[int], stop: str) -> str:
    items = list(Item.objects.filter(pk__in=news).only("title").order_by("-pk")[:NAMED])
    lines = ["Somebody has decided about:", "", *(f"  {clean(str(item), 200)}" for item in items)]
    more = len(news) - len(items)
    lines += [f"  and {more} more"] if more else []
    lines += ["", "What was decided, and what you can do about it:", f"{settings.BASE_URL}/yours", ""]
    return "\n".join([*lines, "-- ", f"To stop these mails: {stop}"]) + "\n"
