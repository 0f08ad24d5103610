"""Who may do what: the one table of rights."""

from django.contrib.auth.models import AnonymousUser

from winnow.models import Account, Role

RIGHTS: dict[str, frozenset[str]] = {
    "submit": frozenset(Role.values),
    "review": frozenset({Role.REVIEWER, Role.ENGINEER, Role.OWNER, Role.OPERATOR}),
    "restore": frozenset({Role.REVIEWER, Role.ENGINEER, Role.OWNER, Role.OPERATOR}),
    "switch_sources": frozenset({Role.OPERATOR}),
}


def may(user: Account | AnonymousUser, right: str) -> bool:
    """Whether this visitor has the right; nobody without an account has any."""
    return isinstance(user, Account) and user.is_active and user.role in RIGHTS[right]
