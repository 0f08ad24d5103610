"""Passwords: signing in by one, setting one, and the one-time link that lets somebody set a new one.

Nobody has a password before they set it themselves. Wrong guesses are counted by account, by address and over all
(ASVS 6.3.1); links work whatever those counts say, so nobody can shut another out.
"""

from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from winnow.core.errors import InputError, NotFoundError
from winnow.models import Account, SignInLink
from winnow.services.accounts import end_access
from winnow.services.invite import Invitation, find_link, make_link, spend_link
from winnow.services.log import record_event
from winnow.services.throttle import Limit, give_back, take

RESET_LIFETIME = timedelta(hours=1)
MAX_PASSWORD = 256

BY_ACCOUNT_AND_ADDRESS = Limit("password.account-address", 5, 5 * 60)
BY_ADDRESS = Limit("password.address", 30, 3600)
BY_ACCOUNT = Limit("password.account", 20, 24 * 3600)
BY_ALL = Limit("password.all", 500, 3600)

WRONG = "name and password do not fit together"
WAIT = "too many tries; wait a while, or sign in with a link from whoever runs this installation"


def sign_in_by_password(*, name: str, password: str, address: str) -> Account:
    """The account, where both are right.

    Raises NotFoundError for a wrong pair, whatever is wrong with it, after the same work; TooManyError after too many.
    """
    name = name.strip()
    voices = (
        (BY_ACCOUNT_AND_ADDRESS, f"{name.casefold()} {address}"),
        (BY_ADDRESS, address),
        (BY_ACCOUNT, name.casefold()),
        (BY_ALL, ""),
    )
    for limit, voice in voices:
        take(limit, voice, WAIT)
    account = Account.objects.filter(name=name).first() if _can_be_a_name(name) else None
    # Where there is no such account, or no password of it, the same hash is worked out all the same.
    is_right = check_password(
        _as_given(password), account.password if account and account.has_password else make_password(None)
    )
    if account is None or not is_right or not account.is_active:
        raise NotFoundError(WRONG)
    for limit, voice in voices:
        give_back(limit, voice)
    record_event("account.signed_in", account=account, is_public=False, by="password")
    return account


def change_password(*, account: Account, new: str, current: str = "", address: str = "") -> Account:
    """Set a first password, or exchange the one that is there; other visits, tokens and links of the account end.

    Raises InputError with the field where the current one is wrong or the new one is too weak; TooManyError.
    """
    if account.has_password:
        take(BY_ACCOUNT_AND_ADDRESS, f"{account.name.casefold()} {address}", WAIT)
        if not account.check_password(_as_given(current)):
            raise InputError("current: this is not your password")
        give_back(BY_ACCOUNT_AND_ADDRESS, f"{account.name.casefold()} {address}")
    return _set(account, new)


def make_reset_link(account: Account) -> Invitation:
    """A one-time link, good for an hour, at which the account's new password is set. Raises InputError for a closed one."""
    return make_link(account, SignInLink.Purpose.RESET, RESET_LIFETIME)


@transaction.atomic
def reset_password(*, code: str, new: str) -> Account:
    """Spend a reset link. Raises NotFoundError for a dead link, InputError for a weak password (the link lives on)."""
    account = find_link(code, SignInLink.Purpose.RESET).account
    _check(new, account)
    spend_link(code, SignInLink.Purpose.RESET)
    return _set(account, new)


@transaction.atomic
def _set(account: Account, new: str) -> Account:
    _check(new, account)
    account.set_password(new)
    account.save(update_fields=["password"])
    end_access(account)
    record_event("account.password_set", account=account, is_public=False, at=timezone.now().isoformat())
    account.refresh_from_db()
    return account


def _check(new: str, account: Account) -> None:
    if len(new) > MAX_PASSWORD:
        raise InputError(f"new: longer than {MAX_PASSWORD} characters")
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise InputError(f"new: {' '.join(error.messages)}") from error


def _as_given(password: str) -> str:
    """What is longer than a password can be is none, and never its beginning (ASVS 6.2.8); nobody's password is empty."""
    return password if len(password) <= MAX_PASSWORD else ""


def _can_be_a_name(name: str) -> bool:
    """PostgreSQL refuses to look for what holds a zero byte."""
    return "\x00" not in name
