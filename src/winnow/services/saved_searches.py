"""Searches that an account comes back to, and the private address of a feed of its own selection."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError, NotFoundError
from winnow.core.search_query import MAX_QUERY, read_query
from winnow.models import Account, PrivateFeed, SavedSearch

MAX_SAVED = 50
MAX_FEEDS = 10


@transaction.atomic
def save_search(*, q: str, account: Account) -> SavedSearch:
    """Keep a query; the same twice is one. Raises InputError where it finds nothing, ConflictError for too many."""
    q = " ".join(q.replace("\x00", " ").split())[:MAX_QUERY]
    if read_query(q).wanted is None:
        raise InputError("q: a search that is to be kept must look for something")
    list(Account.objects.select_for_update(no_key=True).filter(pk=account.pk).values_list("pk"))
    known = SavedSearch.objects.filter(account=account)
    if not known.filter(q=q).exists() and known.count() >= MAX_SAVED:
        raise ConflictError(f"{MAX_SAVED} searches are kept already; let one go first")
    return SavedSearch.objects.get_or_create(account=account, q=q)[0]


def forget_search(*, pk: int, account: Account) -> None:
    """Keep it no more. Raises NotFoundError where it is not theirs."""
    if not SavedSearch.objects.filter(pk=pk, account=account).delete()[0]:
        raise NotFoundError("there is no such search of yours")


@transaction.atomic
def make_feed(*, account: Account) -> str:
    """A new private address for what the account follows and searches for; shown once, kept as a hash."""
    list(Account.objects.select_for_update(no_key=True).filter(pk=account.pk).values_list("pk"))
    if PrivateFeed.objects.filter(account=account, revoked_at=None).count() >= MAX_FEEDS:
        raise ConflictError(f"{MAX_FEEDS} feeds live already; revoke one first")
    code = secrets.token_urlsafe(24)
    PrivateFeed.objects.create(account=account, code_sha256=_hash(code), last4=code[-4:])
    return code


def revoke_feed(*, pk: int, account: Account) -> None:
    """Its address leads nowhere from now on. Raises NotFoundError where it is not theirs."""
    mine = PrivateFeed.objects.filter(pk=pk, account=account, revoked_at=None)
    if not mine.update(revoked_at=timezone.now()):
        raise NotFoundError("there is no such feed of yours")


def reader_of_feed(code: str) -> Account:
    """Whose selection a private address shows. Raises NotFoundError for one that was revoked or never was."""
    feed = PrivateFeed.objects.filter(code_sha256=_hash(code), revoked_at=None, account__is_active=True)
    found = feed.select_related("account").first()
    if found is None:
        raise NotFoundError("there is no such feed, or it was revoked")
    return found.account


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
