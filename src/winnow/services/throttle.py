"""How often somebody may do something: counts in the database, so they hold for all processes and after a restart.

A count begins with the first try and ends after its stretch of time. What is counted is stored as a keyed hash.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from winnow.core.errors import TooManyError
from winnow.models import Bucket


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `n` of `what` by one voice within `seconds`."""

    what: str
    n: int
    seconds: int


def take(limit: Limit, voice: str, words: str) -> None:
    """Count one try. Raises TooManyError, saying `words`, where the limit is reached; such a try is not counted."""
    key, now = _key(limit, voice), timezone.now()
    if _count(key, limit, now) or _renew(key, limit, now) or _begin(key, limit, now) or _count(key, limit, now):
        return
    bucket = Bucket.objects.filter(key=key).first()
    seconds = (bucket.ends_at - now).total_seconds() if bucket else 1.0
    raise TooManyError(words, retry_after=max(1, int(seconds) + 1))


def most(limit: Limit) -> int:
    """How many are allowed: what the operator set under this name, else what the code says."""
    told: dict[str, int] = settings.LIMITS
    return told.get(limit.what.replace(" ", "-"), limit.n)


def give_back(limit: Limit, voice: str) -> None:
    """A try that turned out well does not count."""
    Bucket.objects.filter(key=_key(limit, voice), n__gt=0).update(n=F("n") - 1)


def drop_ended() -> int:
    """Remove counts that have ended; how many there were. Looks before it takes the lock of a writer."""
    ended = Bucket.objects.filter(ends_at__lte=timezone.now())
    return ended.delete()[0] if ended.exists() else 0


def _count(key: str, limit: Limit, now: datetime) -> bool:
    return bool(Bucket.objects.filter(key=key, ends_at__gt=now, n__lt=most(limit)).update(n=F("n") + 1))


def _renew(key: str, limit: Limit, now: datetime) -> bool:
    ends_at = now + timedelta(seconds=limit.seconds)
    return bool(Bucket.objects.filter(key=key, ends_at__lte=now).update(n=1, ends_at=ends_at))


def _begin(key: str, limit: Limit, now: datetime) -> bool:
    """The first try; False where the count is there, perhaps begun by another this very moment."""
    if Bucket.objects.filter(key=key).exists():
        return False
    try:
        with transaction.atomic():
            Bucket.objects.create(key=key, ends_at=now + timedelta(seconds=limit.seconds))
    except IntegrityError:
        return False
    return True


def _key(limit: Limit, voice: str) -> str:
    return salted_hmac("winnow.throttle", f"{limit.what} {voice}", algorithm="sha256").hexdigest()
