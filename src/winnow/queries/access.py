"""Who may do what: the one table of rights."""

from django.contrib.auth.models import AnonymousUser

from winnow.models import Account, Role, Scope

REVIEWERS = frozenset({Role.REVIEWER, Role.ENGINEER, Role.OWNER, Role.OPERATOR})

# Who settles what reviewers disagree about.
ENGINEERS = frozenset({Role.ENGINEER, Role.OWNER, Role.OPERATOR})

RIGHTS: dict[str, frozenset[str]] = {
    "account": frozenset(Role.values),
    "submit": frozenset(Role.values),
    "review": REVIEWERS,
    "restore": REVIEWERS,
    "adjudicate": ENGINEERS,
    # Each signs a release as what they are.
    "sign": REVIEWERS,
    "write_documents": frozenset({Role.OWNER}),
    "value": frozenset({Role.OWNER, Role.OPERATOR}),
    "experiments": frozenset({Role.OWNER, Role.OPERATOR}),
    "switch_sources": frozenset({Role.OPERATOR}),
    "operate": frozenset({Role.OPERATOR}),
}
# What an account may let its programs do.
SCOPES: dict[str, frozenset[str]] = {
    Scope.CLASSIFY: frozenset(Role.values),
    Scope.SUBMIT: frozenset(Role.values),
    Scope.REPORT: frozenset(Role.values),
    Scope.REVIEW: REVIEWERS,
    Scope.OPERATOR: frozenset({Role.OPERATOR}),
}


def may(user: Account | AnonymousUser, right: str) -> bool:
    """Whether this visitor has the right; nobody without an account has any."""
    return isinstance(user, Account) and user.is_active and user.role in RIGHTS[right]


def scopes_of(account: Account) -> list[str]:
    """The scopes that a token of this account may have."""
    return [scope for scope, roles in SCOPES.items() if account.role in roles]
