"""What happens to an account after the invitation: role, closing, opening, deletion. One operator always remains."""

import secrets
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError
from winnow.models import Account, ApiToken, Authenticator, Event, Mailbox, Mark, ReaderState, Role, StoredAnswer
from winnow.services.log import record_event

LAST = "{name} is the last operator; invite or appoint another first"


@transaction.atomic
def set_role(*, account: Account, role: str, by: Account | None = None) -> Account:
    """Give an account another role; its visits and tokens end. Raises InputError, ConflictError for the last operator."""
    if role not in Role.values:
        raise InputError(f"unknown role {role!r}; the roles are {', '.join(Role.values)}")
    before = _locked(account, keeps_operator=role == Role.OPERATOR)
    if before.role != role:
        Account.objects.filter(pk=account.pk).update(role=role)
        end_access(account)
        _note("account.role_set", account, by, before=before.role, role=role)
    account.refresh_from_db()
    return account


@transaction.atomic
def close_account(*, account: Account, by: Account | None = None) -> Account:
    """Shut somebody out, at once; what they said stays. Raises ConflictError for the last operator."""
    _locked(account, keeps_operator=False)
    if Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False):
        end_access(account)
        _note("account.closed", account, by)
    account.refresh_from_db()
    return account


@transaction.atomic
def open_account(*, account: Account, by: Account | None = None) -> Account:
    """Let somebody in again, by a new link or their password. Raises ConflictError for a deleted account."""
    if Account.objects.get(pk=account.pk).deleted_at is not None:
        raise ConflictError("this account was deleted; nothing of it can be opened again")
    if Account.objects.filter(pk=account.pk, is_active=False).update(is_active=True):
        _note("account.opened", account, by)
    account.refresh_from_db()
    return account


@transaction.atomic
def delete_account(*, account: Account, by: Account | None = None) -> Account:
    """Forget the person and keep what they said of works, under a pseudonym that leads nowhere.

    Gone are name, password, second factor, mail address, links, tokens and the answers kept for those, and all that it kept as a reader. Labels, votes,
    reports and submissions keep the number of the row, so that who disagreed with whom can still be told
    (`docs/decisions/0015-deleted-people.md`).
    Raises ConflictError for the last operator.
    """
    _locked(account, keeps_operator=False)
    end_access(account)
    callers = [f"token:{pk}" for pk in ApiToken.objects.filter(account=account).values_list("pk", flat=True)]
    StoredAnswer.objects.filter(caller__in=callers).delete()
    account.links.all().delete()
    account.tokens.all().delete()
    # What it kept for itself; its votes are what it said of works.
    account.marks.exclude(kind=Mark.Kind.VOTE).delete()
    account.followed_tags.all().delete()
    account.saved_searches.all().delete()
    account.private_feeds.all().delete()
    ReaderState.objects.filter(account=account).delete()
    account.recovery_codes.all().delete()
    account.passkeys.all().delete()
    Authenticator.objects.filter(account=account).delete()
    # Its mail address stands in the mails as well, sent or not.
    account.messages.all().delete()
    Mailbox.objects.filter(account=account).delete()
    _forget_token_names(account)
    Account.objects.filter(pk=account.pk, deleted_at=None).update(
        name=f"deleted-{secrets.token_hex(8)}",
        password=make_password(None),
        role=Role.READER,
        is_active=False,
        last_login=None,
        deleted_at=timezone.now(),
    )
    _note("account.deleted", account, by if by and by.pk != account.pk else None)
    account.refresh_from_db()
    return account


def end_access(account: Account) -> None:
    """All its visits, tokens and unused links die with the next request; the account itself may sign in again."""
    Account.objects.filter(pk=account.pk).update(n_endings=F("n_endings") + 1)
    ApiToken.objects.filter(account=account, revoked_at=None).update(revoked_at=timezone.now())
    account.links.filter(used_at=None).delete()


def _locked(account: Account, *, keeps_operator: bool) -> Account:
    """The account as it stands, locked with all operators, so that two of them cannot shut each other out at once."""
    operators = list(Account.objects.select_for_update().filter(role=Role.OPERATOR, is_active=True).order_by("pk"))
    if not keeps_operator and [operator.pk for operator in operators] == [account.pk]:
        raise ConflictError(LAST.format(name=account.name))
    return Account.objects.get(pk=account.pk)


def _forget_token_names(account: Account) -> None:
    """People name tokens after themselves and their machines."""
    for event in Event.objects.filter(account=account, kind="token.issued"):
        event.data = {"scopes": event.data.get("scopes", [])}
        event.save(update_fields=["data"])


def _note(kind: str, account: Account, by: Account | None, **data: Any) -> None:
    record_event(kind, account=account, is_public=False, by=by and by.pk, **data)
