"""The second factor: codes of an app by the clock (RFC 6238), and recovery codes for the day that the app is lost.

A code is taken once: the stretch of 30 seconds it belongs to, and all before, are spent with it (ASVS 6.5.1).
Guesses are counted by account; only who has shown the first factor gets to guess, so nobody can shut another out.
"""

import base64
import secrets
import time
from hmac import compare_digest

import pyotp
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from winnow.core.errors import ConflictError, InputError
from winnow.models import Account, Authenticator, RecoveryCode
from winnow.queries.second_factor import has_second_factor
from winnow.services.accounts import end_access
from winnow.services.log import record_event
from winnow.services.throttle import Limit, give_back, take

ISSUER = "Winnow"
STEP = 30  # seconds
DRIFT = 1  # steps that a clock may be off, either way
N_CODES = 10
CODE_BYTES = 15  # 120 bits: a hash of them cannot be guessed back (ASVS 6.5.2 asks 112)

OFTEN = Limit("second-factor.often", 5, 5 * 60)
# 20 guesses a day at 3 living codes of a million: 22 in a thousand within a year, for one who has the password as well.
DAILY = Limit("second-factor.daily", 20, 24 * 3600)
WAIT = "too many tries; wait a while"
WRONG = "code: this code is wrong, or was used already"


def begin_authenticator(account: Account, code: str = "") -> Authenticator:
    """Give a new secret to an app; nothing asks for it until it is confirmed.

    Raises ConflictError where one is set up. Who has another factor shows it first: InputError, TooManyError.
    """
    if Authenticator.objects.filter(account=account).exclude(confirmed_at=None).exists():
        raise ConflictError("an app is set up already; remove it first")
    if has_second_factor(account):
        check_second_factor(account=account, code=code)
    Authenticator.objects.filter(account=account, confirmed_at=None).delete()
    row, is_new = Authenticator.objects.get_or_create(account=account, defaults={"salt": secrets.token_hex(32)})
    if not is_new:
        raise ConflictError("an app is set up already; remove it first")
    return row


def secret_of(row: Authenticator) -> str:
    """What the app is told: 160 bits in base32, as RFC 4226 advises."""
    digest = salted_hmac("winnow.second-factor", row.salt, algorithm="sha256").digest()
    return base64.b32encode(digest[:20]).decode()


def address_for_app(row: Authenticator) -> str:
    """The same as an address that apps open."""
    return pyotp.TOTP(secret_of(row)).provisioning_uri(name=row.account.name, issuer_name=ISSUER)


@transaction.atomic
def confirm_authenticator(*, account: Account, code: str) -> list[str]:
    """Let the app count from now on, end all other visits, and return recovery codes, to be shown once.

    Guesses are not counted: who confirms has been told the secret.
    Raises InputError for a wrong code or where nothing was begun.
    """
    row = Authenticator.objects.filter(account=account, confirmed_at=None).first()
    if row is None or not _spend_step(row, _plain(code)):
        raise InputError(WRONG)
    Authenticator.objects.filter(pk=row.pk).update(confirmed_at=timezone.now())
    end_visits(account)
    record_event("account.second_factor_set", account=account, is_public=False)
    return make_recovery_codes(account)


def check_second_factor(*, account: Account, code: str) -> None:
    """Take a code of the app or a recovery code. Raises InputError for one that is wrong or spent, TooManyError."""
    count_guess(account)
    plain = _plain(code)
    row = Authenticator.objects.filter(account=account).exclude(confirmed_at=None).first()
    if not ((row is not None and _spend_step(row, plain)) or _spend_recovery_code(account, plain)):
        record_event("account.second_factor_refused", account=account, is_public=False)
        raise InputError(WRONG)
    forgive_guess(account)


def renew_recovery_codes(*, account: Account, code: str) -> list[str]:
    """Exchange all recovery codes for new ones. Raises InputError for a wrong code, TooManyError."""
    check_second_factor(account=account, code=code)
    with transaction.atomic():
        record_event("account.recovery_codes_made", account=account, is_public=False)
        return make_recovery_codes(account)


def remove_second_factor(*, account: Account, code: str) -> None:
    """Do without it again. Raises InputError for a wrong code, TooManyError."""
    check_second_factor(account=account, code=code)
    forget_second_factor(account)


@transaction.atomic
def forget_second_factor(account: Account) -> Account:
    """Remove app, passkeys and codes of somebody who lost them; visits, tokens and links end. For who runs the installation."""
    account.recovery_codes.all().delete()
    account.passkeys.all().delete()
    Authenticator.objects.filter(account=account).delete()
    end_access(account)
    record_event("account.second_factor_removed", account=account, is_public=False)
    account.refresh_from_db()
    return account


def _spend_step(row: Authenticator, code: str) -> bool:
    """Whether it is a code of now whose step is not spent; of two that bring the same one is refused."""
    totp, now = pyotp.TOTP(secret_of(row)), int(time.time()) // STEP
    for step in range(now - DRIFT, now + DRIFT + 1):
        if compare_digest(totp.generate_otp(step).encode(), code.encode()):
            living = Authenticator.objects.filter(pk=row.pk, last_step__lt=step)
            return bool(living.update(last_step=step))
    return False


def _spend_recovery_code(account: Account, code: str) -> bool:
    living = RecoveryCode.objects.filter(account=account, code_hash=_hash(account, code), used_at=None)
    if not living.update(used_at=timezone.now()):
        return False
    record_event("account.recovery_code_used", account=account, is_public=False)
    return True


def make_recovery_codes(account: Account) -> list[str]:
    """New recovery codes in place of those before, in clear, to be shown once."""
    account.recovery_codes.all().delete()
    codes = [base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _ in range(N_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, code_hash=_hash(account, code)) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def _hash(account: Account, code: str) -> str:
    return salted_hmac("winnow.recovery-code", f"{account.pk} {code}", algorithm="sha256").hexdigest()


def _plain(code: str) -> str:
    """As people type codes: with spaces, dashes and capitals."""
    return code[:64].replace(" ", "").replace("-", "").lower()


def end_visits(account: Account) -> None:
    """Visits that began without the second factor die; tokens were made by who was in, and live."""
    Account.objects.filter(pk=account.pk).update(n_endings=F("n_endings") + 1)
    account.refresh_from_db()


def count_guess(account: Account) -> None:
    """Count one guess at a second factor. Raises TooManyError."""
    for limit in (OFTEN, DAILY):
        take(limit, str(account.pk), WAIT)


def forgive_guess(account: Account) -> None:
    """It was right, and does not count."""
    for limit in (OFTEN, DAILY):
        give_back(limit, str(account.pk))
