"""Passkeys as second factor (WebAuthn level 2, through py_webauthn): adding, checking and removing them.

A challenge is made by the site, kept by the visit, and good for one answer. Keys are bound to the host of
`WINNOW_BASE_URL`, so a page elsewhere gets none; a number is no host, so there are none at http://127.0.0.1.
"""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from winnow.core.errors import InputError, NotFoundError
from winnow.models import Account, Authenticator, Passkey
from winnow.queries.second_factor import has_second_factor
from winnow.services.log import record_event
from winnow.services.second_factor import (
    ISSUER,
    check_second_factor,
    count_guess,
    end_visits,
    forgive_guess,
    make_recovery_codes,
)

MAX_CREDENTIAL = 20_000  # characters
MAX_NAME = 80
WRONG = "passkey: this passkey was not accepted; try again"
# What the library says of malformed answers, JSON nested without end among them.
BAD = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)


def host_of_keys() -> str:
    """The host that keys are bound to; empty where the site is reached by a number."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return ""


def creation_options(account: Account) -> tuple[str, bytes]:
    """What a browser needs to make a key, as JSON, and the challenge to keep."""
    options = generate_registration_options(
        rp_id=host_of_keys(),
        rp_name=ISSUER,
        user_id=str(account.pk).encode(),
        user_name=account.name,
        exclude_credentials=_descriptors(account),
    )
    return options_to_json(options), options.challenge


def request_options(account: Account) -> tuple[str, bytes]:
    """What a browser needs to sign with a key of the account, as JSON, and the challenge to keep."""
    options = generate_authentication_options(rp_id=host_of_keys(), allow_credentials=_descriptors(account))
    return options_to_json(options), options.challenge


def add_passkey(*, account: Account, credential: str, challenge: bytes, name: str, code: str = "") -> list[str]:
    """Keep a new key. With the first factor of this kind other visits end, and recovery codes are returned to be shown once.

    Who has a factor shows a code of it, or whoever finds a visit open makes a way in of their own.
    Raises InputError for what is no answer to the challenge, a name that cannot be one or a wrong code; TooManyError.
    """
    name = name.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise InputError("name: give the passkey a name, so that you know it again")
    try:
        made = verify_registration_response(
            credential=_bounded(credential),
            expected_challenge=_asked(challenge),
            expected_rp_id=host_of_keys(),
            expected_origin=settings.BASE_URL,
        )
    except BAD as error:
        raise InputError(WRONG) from error
    key = bytes_to_base64url(made.credential_id)
    if Passkey.objects.filter(credential_id=key).exists():
        raise InputError("passkey: this passkey is here already")
    if has_second_factor(account):
        check_second_factor(account=account, code=code)
    row = Passkey(account=account, name=name, credential_id=key, sign_count=made.sign_count)
    row.public_key = made.credential_public_key
    return _store(row)


@transaction.atomic
def _store(row: Passkey) -> list[str]:
    """Recovery codes where it is the first factor; an app that was begun and not proved is begun anew, with a code."""
    account = row.account
    is_first = not has_second_factor(account)
    row.save()
    record_event("account.passkey_added", account=account, is_public=False)
    if not is_first:
        return []
    Authenticator.objects.filter(account=account, confirmed_at=None).delete()
    end_visits(account)
    return make_recovery_codes(account)


def check_passkey(*, account: Account, credential: str, challenge: bytes) -> None:
    """Take what a key signed. Raises InputError where it is not this account's, or of another challenge; TooManyError."""
    count_guess(account)
    try:
        given = parse_authentication_credential_json(_bounded(credential))
        row = Passkey.objects.get(account=account, credential_id=bytes_to_base64url(given.raw_id))
        seen = verify_authentication_response(
            credential=given,
            expected_challenge=_asked(challenge),
            expected_rp_id=host_of_keys(),
            expected_origin=settings.BASE_URL,
            credential_public_key=bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
        )
    except (*BAD, Passkey.DoesNotExist) as error:
        record_event("account.second_factor_refused", account=account, is_public=False)
        raise InputError(WRONG) from error
    # Of two that bring the same count one is refused, as a copied key would be.
    here = Passkey.objects.filter(pk=row.pk, sign_count=row.sign_count)
    if not here.update(sign_count=seen.new_sign_count, used_at=timezone.now()):
        raise InputError(WRONG)
    forgive_guess(account)


def remove_passkey(*, pk: int, account: Account, code: str) -> Passkey:
    """Forget a key, for a code. Raises NotFoundError where the account has none of that number, InputError, TooManyError."""
    row = account.passkeys.filter(pk=pk).first() if 0 < pk < 2**63 else None
    if row is None:
        raise NotFoundError("there is no such passkey of yours")
    check_second_factor(account=account, code=code)
    Passkey.objects.filter(pk=pk).delete()
    record_event("account.passkey_removed", account=account, is_public=False)
    return row


def _descriptors(account: Account) -> list[PublicKeyCredentialDescriptor]:
    keys = account.passkeys.values_list("credential_id", flat=True)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key)) for key in keys]


def _asked(challenge: bytes) -> bytes:
    """Nobody was asked where there is no challenge, and an answer to none could be made beforehand."""
    if not challenge:
        raise ValueError("no challenge")
    return challenge


def _bounded(credential: str) -> str:
    if len(credential) > MAX_CREDENTIAL:
        raise ValueError("too long for a credential")
    return credential
