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
from winnow.queries.access import scopes_of
from winnow.services.log import record_event

MAX_NAME = 80
LINK_LIFETIME = timedelta(days=3)
PATHS = {SignInLink.Purpose.SIGN_IN: "/sign-in", SignInLink.Purpose.RESET: "/reset"}
DEAD_LINK = "this link does not work any more; ask for a new one"
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
    link = make_link(account, SignInLink.Purpose.SIGN_IN, LINK_LIFETIME)
    record_event("account.invited", account=account, is_public=False, role=role)
    return link


def make_link(account: Account, purpose: SignInLink.Purpose, lifetime: timedelta) -> Invitation:
    """A one-time link for an account. Raises InputError where the account is closed."""
    if not account.is_active:
        raise InputError(f"{account.name!r} is closed; `winnow accounts open` lets it in again")
    code = secrets.token_urlsafe(32)
    link = SignInLink.objects.create(
        account=account, purpose=purpose, code_sha256=digest(code), expires_at=timezone.now() + lifetime
    )
    return Invitation(f"{settings.BASE_URL}{PATHS[purpose]}/{code}", account.role, link.expires_at)


def find_link(code: str, purpose: SignInLink.Purpose) -> SignInLink:
    """A link that still works. Raises NotFoundError where it is unknown, used or too old; which one is not told."""
    links = SignInLink.objects.select_related("account").filter(purpose=purpose, used_at=None)
    link = links.filter(code_sha256=digest(code), expires_at__gt=timezone.now(), account__is_active=True).first()
    if link is None:
        raise NotFoundError(DEAD_LINK)
    return link


def spend_link(code: str, purpose: SignInLink.Purpose) -> Account:
    """Use a link up. Raises NotFoundError as `find_link` does; of two that use it at once one is refused."""
    link = find_link(code, purpose)
    if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        raise NotFoundError(DEAD_LINK)
    return link.account


@transaction.atomic
def use_link(code: str) -> Account:
    """Spend a sign-in link. Raises NotFoundError where it does not work any more."""
    account = spend_link(code, SignInLink.Purpose.SIGN_IN)
    record_event("account.signed_in", account=account, is_public=False, by="link")
    return account


def issue_token(
    *, name: str, scopes: Sequence[str], days: int = TOKEN_DAYS, account: Account | None = None
) -> IssuedToken:
    """Make an API token. Raises InputError for a scope that is unknown or above its account, or a lifetime that is none."""
    wrong = [scope for scope in scopes if scope not in Scope.values]
    if wrong or not scopes:
        raise InputError(f"unknown scope {', '.join(wrong) or '(none)'}; the scopes are {', '.join(Scope.values)}")
    if account is not None and (above := sorted(set(scopes) - set(scopes_of(account)))):
        raise InputError(f"scope {', '.join(above)}: not for the role {account.role}")
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


def revoke_token(*, pk: int, account: Account) -> ApiToken:
    """End one of the account's tokens, at once. Raises NotFoundError where it has none of that number."""
    token = account.tokens.filter(pk=pk).first() if 0 < pk < 2**63 else None
    if token is None:
        raise NotFoundError("there is no such token of yours")
    if ApiToken.objects.filter(pk=pk, revoked_at=None).update(revoked_at=timezone.now()):
        record_event("token.revoked", account=account, is_public=False, scopes=token.scopes)
    return token


def digest(secret: str) -> str:
    """What is stored in place of a secret; secrets here are 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
