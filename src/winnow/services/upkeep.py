"""Forget what has served its purpose, so that a home that runs for years does not grow by what nobody will read."""

from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Max, QuerySet
from django.utils import timezone

from winnow.models import Job, SignInLink
from winnow.services import look_up, mailbox, outbox, throttle

# Long enough to look into what went wrong last month.
KEPT = timedelta(days=30)
AT_ONCE = 1000


def tidy() -> int:
    """Remove what has ended; returns how many rows. Each part looks before it takes the lock of a writer."""
    own = sum(_some(rows) for rows in (_done_jobs(), _dead_links(), _ended_visits()))
    return own + throttle.drop_ended() + look_up.drop_old() + outbox.drop_old() + mailbox.drop_unconfirmed()


def _done_jobs() -> QuerySet[Job]:
    """What was done long ago; the newest of each kind stays, because its time says when the next is due."""
    newest = Job.objects.exclude(done_at=None).values("kind").annotate(newest=Max("pk")).values("newest")
    return Job.objects.filter(done_at__lt=timezone.now() - KEPT).exclude(pk__in=newest)


def _dead_links() -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(expires_at__lt=timezone.now() - KEPT)


def _ended_visits() -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=timezone.now())


def _some(rows: QuerySet[Any]) -> int:
    """Remove up to AT_ONCE: the rest waits for the next round, and readers for nothing."""
    found = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    return rows.filter(pk__in=found).delete()[0] if found else 0
