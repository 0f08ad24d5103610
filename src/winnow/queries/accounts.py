"""Accounts, for those who look after them, and one's own tokens."""

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from winnow.core.errors import NotFoundError
from winnow.models import Account, ApiToken


def all_accounts() -> list[tuple[Account, int]]:
    """Everybody who is not deleted, in the order of names, each with how many of their tokens live."""
    living = Count("tokens", filter=Q(tokens__revoked_at=None, tokens__expires_at__gt=timezone.now()))
    accounts = Account.objects.filter(deleted_at=None).annotate(n_tokens=living).order_by("name")
    return [(account, account.n_tokens) for account in accounts]


def account_named(name: str) -> Account:
    """One account. Raises NotFoundError."""
    account = Account.objects.filter(name=name, deleted_at=None).first() if "\x00" not in name else None
    if account is None:
        raise NotFoundError(f"there is no account {name[:80]!r}; `winnow accounts list` shows those there are")
    return account


def living_tokens(account: Account) -> QuerySet[ApiToken]:
    """The account's tokens that still work, newest first."""
    return account.tokens.filter(revoked_at=None, expires_at__gt=timezone.now()).order_by("-pk")
