"""Who may do what."""

import pytest
from django.contrib.auth.models import AnonymousUser

from winnow.models import Account, Role, Scope
from winnow.queries.access import RIGHTS, SCOPES, may, scopes_of

TABLE = {
    "account": {"reader", "reviewer", "engineer", "owner", "operator"},
    "submit": {"reader", "reviewer", "engineer", "owner", "operator"},
    "review": {"reviewer", "engineer", "owner", "operator"},
    "restore": {"reviewer", "engineer", "owner", "operator"},
    "adjudicate": {"engineer", "owner", "operator"},
    "switch_sources": {"operator"},
    "operate": {"operator"},
    "value": {"owner", "operator"},
    "experiments": {"owner", "operator"},
    "sign": {"reviewer", "engineer", "owner", "operator"},
    "write_documents": {"owner"},
}


@pytest.mark.parametrize("right", TABLE)
def test_every_role_has_the_rights_of_the_table_and_no_other(right):
    assert {role.value for role in Role if may(Account(name="x", role=role), right)} == TABLE[right]


def test_the_table_names_every_right():
    assert set(RIGHTS) == set(TABLE)


@pytest.mark.parametrize("right", TABLE)
@pytest.mark.parametrize("visitor", [AnonymousUser(), Account(name="x", role=Role.OPERATOR, is_active=False)])
def test_nobody_and_a_closed_account_have_none(visitor, right):
    assert not may(visitor, right)


def test_a_right_that_is_none_is_a_mistake_and_not_a_no():
    with pytest.raises(KeyError):
        may(Account(name="x", role=Role.OPERATOR), "reveiw")


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        ("reader", ["classify", "submit", "report"]),
        ("reviewer", ["classify", "submit", "report", "review"]),
        ("operator", ["classify", "submit", "report", "review", "operator"]),
    ],
)
def test_a_token_may_no_more_than_its_account(role, scopes):
    assert scopes_of(Account(name="x", role=role)) == scopes


def test_every_scope_has_its_roles():
    assert set(SCOPES) == set(Scope.values)
