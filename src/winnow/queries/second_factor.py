"""Whether an account shows more than a link or a password when it signs in, and whether it must."""

from django.conf import settings

from winnow.models import Account, Authenticator, Passkey, RecoveryCode, Role

MUST = frozenset({Role.OWNER, Role.OPERATOR})


def has_second_factor(account: Account) -> bool:
    """Whether signing in asks for more than the first factor."""
    has_app = Authenticator.objects.filter(account=account).exclude(confirmed_at=None).exists()
    return has_app or account.passkeys.exists()


def lacks_second_factor(account: Account) -> bool:
    """Whether the installation asks one of this account that is not there yet; until then it may only set one up."""
    return settings.REQUIRE_SECOND_FACTOR and account.role in MUST and not has_second_factor(account)


def authenticator_of(account: Account) -> Authenticator | None:
    """Its app, set up to the end or not."""
    return Authenticator.objects.filter(account=account).first()


def passkeys_of(account: Account) -> list[Passkey]:
    """Its passkeys, oldest first."""
    return list(account.passkeys.order_by("pk"))


def n_recovery_codes(account: Account) -> int:
    """How many of its recovery codes are left."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()
