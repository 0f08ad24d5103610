"""The mail address of an account: given, confirmed by a link, used for what was asked for, forgotten.

Nobody needs one to use the site. Links in mails are signed and hold no address.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError, NotFoundError
from winnow.models import Account, Mailbox, Message
from winnow.services.network import relay
from winnow.services.outbox import send_mail
from winnow.services.throttle import Limit, take

CONFIRM, STOP = "winnow.mail.confirm", "winnow.mail.stop"
CONFIRM_DAYS = 3
DIGEST, ANSWERS = "digest", "answers"
DEAD = "this link does not work any more"
NO_MAIL = "this installation sends no mail; its operator can set WINNOW_MAIL_HOST"
MAX_ADDRESS = 254
PER_ACCOUNT = Limit("mail address", 5, 3600)
PER_ADDRESS = Limit("mail to an address", 3, 24 * 3600)


def can_mail() -> bool:
    """Whether this installation sends mail."""
    return relay().is_set


def mailbox_of(account: Account) -> Mailbox | None:
    """The address that an account gave, confirmed or not."""
    return Mailbox.objects.filter(account=account).first()


@transaction.atomic
def set_address(*, account: Account, address: str) -> Mailbox:
    """Take an address and send a link there. Raises InputError, ConflictError without a relay, TooManyError."""
    address = _checked(address)
    if not can_mail():
        raise ConflictError(NO_MAIL)
    words = "that is enough mails for now"
    take(PER_ACCOUNT, f"account:{account.pk}", words)
    take(PER_ADDRESS, address.lower(), words)
    _unsent(account).delete()
    # The days to confirm it in begin anew: with its first date a changed address would be forgotten at once.
    fresh = {"address": address, "created_at": timezone.now()}
    fresh |= {"confirmed_at": None, "digest_at": None, "answers_at": None}
    box, _ = Mailbox.objects.update_or_create(account=account, defaults=fresh)
    code = signing.dumps([account.pk, _hash(address)], salt=CONFIRM)
    link = f"{settings.BASE_URL}/mail/confirm/{code}"
    text = (
        f"Somebody, probably you, gave this address to an account at {settings.BASE_URL}\n\n"
        f"To get mails from there, open this page within {CONFIRM_DAYS} days and press the button:\n{link}\n\n"
        "If it was not you, do nothing, and no other mail will come.\n"
    )
    key = f"confirm:{account.pk}:{timezone.now().timestamp()}"
    send_mail(key=key, to=address, subject="Confirm your address", text=text, account=account)
    return box


def address_to_confirm(code: str) -> Mailbox:
    """Whose link this is. Raises NotFoundError where it is none, too old, or of another address by now."""
    pk, hashed = _read(code, CONFIRM, timedelta(days=CONFIRM_DAYS))
    box = Mailbox.objects.filter(account_id=pk, account__is_active=True).first()
    if box is None or _hash(box.address) != hashed:
        raise NotFoundError(DEAD)
    return box


def confirm_address(code: str) -> Mailbox:
    """The link was followed and the button pressed; again changes nothing. Raises NotFoundError."""
    box, now = address_to_confirm(code), timezone.now()
    Mailbox.objects.filter(pk=box.pk, confirmed_at=None).update(confirmed_at=now, answers_at=now)
    return box


@transaction.atomic
def choose(*, account: Account, every: str, wants_answers: bool) -> None:
    """How often a digest comes, and whether answers do. Raises InputError, ConflictError without a confirmed address."""
    if every not in Mailbox.Every.values:
        raise InputError(f"every: choose one of {', '.join(Mailbox.Every.values)}")
    mine = Mailbox.objects.filter(account=account).exclude(confirmed_at=None)
    if not mine.update(every=every, wants_answers=wants_answers):
        raise ConflictError("confirm an address first")


def stop_link(account_pk: int, what: str) -> str:
    """The address that stops one kind of mail, DIGEST or ANSWERS; it works for ever and does nothing else."""
    return f"{settings.BASE_URL}/mail/stop/{signing.dumps([account_pk, what], salt=STOP)}"


def stop_headers(link: str) -> Mapping[str, str]:
    """What lets mail programs stop it by one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def what_stops(code: str) -> str:
    """Which kind of mail a link stops. Raises NotFoundError for one that is none."""
    what: str = _read(code, STOP, None)[1]
    return what


@transaction.atomic
def stop(code: str) -> str:
    """Stop that kind of mail, what waits to be sent as well; again is fine. Raises NotFoundError for a link that is none."""
    pk, what = _read(code, STOP, None)
    changes: dict[str, Any] = {"every": Mailbox.Every.NEVER} if what == DIGEST else {"wants_answers": False}
    Mailbox.objects.filter(pk=pk).update(**changes)
    Message.objects.filter(account_id=pk, kind=Message.Kind.MAIL, sent_at=None, key__startswith=f"{what}:").delete()
    return str(what)


@transaction.atomic
def forget_address(*, account: Account) -> None:
    """The address is gone, with every mail that holds it."""
    account.messages.filter(kind=Message.Kind.MAIL).delete()
    Mailbox.objects.filter(account=account).delete()


def drop_unconfirmed() -> int:
    """Forget addresses that nobody confirmed while the link worked."""
    old = timezone.now() - timedelta(days=CONFIRM_DAYS)
    left = Mailbox.objects.filter(confirmed_at=None, created_at__lt=old)
    return left.delete()[0] if left.exists() else 0


def _checked(address: str) -> str:
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InputError("mail: that is no mail address") from error
    if len(address) > MAX_ADDRESS or not address.isascii():
        raise InputError(f"mail: give an address of at most {MAX_ADDRESS} plain letters, digits and signs")
    return address


def _unsent(account: Account) -> QuerySet[Message]:
    return account.messages.filter(kind=Message.Kind.MAIL, sent_at=None)


def _hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _read(code: str, salt: str, max_age: timedelta | None) -> Any:
    try:
        return signing.loads(code, salt=salt, max_age=max_age)
    except signing.BadSignature as error:
        raise NotFoundError(DEAD) from error
