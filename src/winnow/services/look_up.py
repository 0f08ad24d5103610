"""Title and description of an address that somebody is about to submit: asked for by a page, read by the worker."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from winnow.core.errors import FetchError, TooManyError
from winnow.core.urls import canonical_url, identity_keys
from winnow.models import Account, LookUp
from winnow.queries.look_ups import key_of, look_up_of
from winnow.services.jobs import enqueue
from winnow.services.network import FETCH_SECONDS, client
from winnow.services.quota import take_look_up
from winnow.sources.described import Described, described

KIND = "look_up"
# So long a reading serves whoever asks; one that failed is tried again sooner.
KEPT, KEPT_FAILED = timedelta(days=1), timedelta(minutes=5)


def ask_look_up(url: str, *, account: Account) -> LookUp | None:
    """What was read at an address, asked for where nobody has lately; None where it is no address, or asked too much.

    The person can always type instead, so a limit is no error here.
    """
    known = look_up_of(url)
    if known is not None and not _is_old(known):
        return known
    address = _page_of(url)
    if not address:
        return None
    try:
        take_look_up(account=account)
    except TooManyError:
        return None
    return _asked(address, key_of(url))


def look_up(key: str) -> Described:
    """Read an address that was asked for, and keep what it says. A page that does not answer is no fault of anybody."""
    row = LookUp.objects.filter(key=key, done_at=None).first()
    if row is None:
        return Described()
    found, error = _read(row.url)
    LookUp.objects.filter(pk=row.pk).update(
        title=found.title, description=found.description, error=error, done_at=timezone.now()
    )
    return found


def drop_old() -> int:
    """Remove readings that serve nobody any more; how many there were. Looks before it takes the lock of a writer."""
    old = LookUp.objects.filter(asked_at__lt=timezone.now() - KEPT)
    return old.delete()[0] if old.exists() else 0


def _page_of(url: str) -> str:
    """Where to read: of a known place the page that describes the work, such as a paper's and not its file; else as given.

    Only there is the canonical address sure to answer: of others it may be one that nobody serves.
    """
    canonical, keys = canonical_url(url), identity_keys(url)
    if canonical is None:
        return ""
    return canonical if keys and not keys[0].startswith("url:") else url.strip()


def _is_old(row: LookUp) -> bool:
    return timezone.now() - row.asked_at > (KEPT_FAILED if row.error else KEPT)


@transaction.atomic
def _asked(address: str, key: str) -> LookUp:
    fresh = {"url": address, "title": "", "description": "", "error": "", "asked_at": timezone.now(), "done_at": None}
    try:
        with transaction.atomic():
            row, _ = LookUp.objects.update_or_create(key=key, defaults=fresh)
    except IntegrityError:
        # Asked for by two at the same moment.
        row = LookUp.objects.get(key=key)
    enqueue(KIND, key)
    return row


def _read(address: str) -> tuple[Described, str]:
    """Slow, and outside of any transaction."""
    try:
        response = client().within(FETCH_SECONDS).fetch(address)
    except FetchError as error:
        return Described(), error.code
    return described(response.headers, response.body), ""
