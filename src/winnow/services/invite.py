"""Accounts, one-time sign-in links and API tokens. What is secret is shown once and kept as a hash."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from winnow.core.errors import InputError, NotFoundError
from winnow.models import Account, ApiToken, Role, Scope, SignInLink
from winnow.services.log import record_event

MAX_NAME = 80
LINK_LIFETIME = timedelta(days=3)
TOKEN_PREFIX = "wnw_"  # noqa: S105 - the mark by which a leaked token is recognised
TOKEN_DAYS = 365
MAX_TOKEN_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link, to be shown once."""

    url: str
    role: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token in clear, to be shown once."""

    token: str
    name: str
    scopes: tuple[str, ...]
    expires_at: datetime


@transaction.atomic
def invite(*, role: str, name: str = "") -> Invitation:
    """Make an account of that role, or take the one of that name, and give it a sign-in link.

    Raises InputError for an unknown role, a name that cannot be one, or a name that has another role already.
    """
    if role not in Role.values:
        raise InputError(f"unknown role {role!r}; the roles are {', '.join(Role.values)}")
    if len(name) > MAX_NAME or not name.isprintable():
        raise InputError(f"--name: {name[:20]!r} ...; give at most {MAX_NAME} characters that can be seen")
    name = name.strip() or f"{role}-{secrets.token_hex(2)}"
    account, is_new = Account.objects.get_or_create(name=name, defaults={"role": role})
    if account.role != role:
        raise InputError(f"{name!r} is here as {account.role}; choose another name with --name")
    if is_new:
        account.set_unusable_password()
        account.save()
    code = secrets.token_urlsafe(32)
    link = SignInLink.objects.create(
        account=account, code_sha256=digest(code), expires_at=timezone.now() + LINK_LIFETIME
    )
    record_event("account.invited", account=account, is_public=False, role=role)
    return Invitation(f"{settings.BASE_URL}/sign-in/{code}", role, link.expires_at)


@transaction.atomic
def use_link(code: str) -> Account:
    """Spend a sign-in link. Raises NotFoundError where it is unknown, used or too old; which one is not told."""
    link = SignInLink.objects.select_related("account").filter(code_sha256=digest(code)).first()
    now = timezone.now()
    is_good = link is not None and link.account.is_active and link.expires_at > now
    if link is None or not is_good or not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise NotFoundError("this sign-in link does not work any more; ask for a new one")
    record_event("account.signed_in", account=link.account, is_public=False)
    return link.account


def issue_token(
    *, name: str, scopes: Sequence[str], days: int = TOKEN_DAYS, account: Account | None = None
) -> IssuedToken:
    """Make an API token. Raises InputError for an unknown scope or a lifetime that is none."""
    wrong = [scope for scope in scopes if scope not in Scope.values]
    if wrong or not scopes:
        raise InputError(f"unknown scope {', '.join(wrong) or '(none)'}; the scopes are {', '.join(Scope.values)}")
    if not 0 < days <= MAX_TOKEN_DAYS:
        raise InputError(f"--expires: {days} days; give 1 to {MAX_TOKEN_DAYS}")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        name=name[:MAX_NAME],
        account=account,
        token_sha256=digest(token),
        last4=token[-4:],
        scopes=sorted(set(scopes)),
        expires_at=timezone.now() + timedelta(days=days),
    )
    record_event("token.issued", account=account, is_public=False, name=row.name, scopes=row.scopes)
    return IssuedToken(token, row.name, tuple(row.scopes), row.expires_at)


def token_of(secret: str) -> ApiToken | None:
    """The live token that this secret is, or None."""
    row = ApiToken.objects.select_related("account").filter(token_sha256=digest(secret), revoked_at=None).first()
    if row is None or row.expires_at <= timezone.now() or (row.account is not None and not row.account.is_active):
        return None
    return row


def digest(secret: str) -> str:
    """What is stored in place of a secret; secrets here are 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
