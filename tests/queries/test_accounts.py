"""Accounts for those who look after them."""

import pytest

from winnow.core.errors import NotFoundError
from winnow.models import ApiToken
from winnow.queries.accounts import account_named, all_accounts, living_tokens
from winnow.services.accounts import close_account, delete_account
from winnow.services.invite import issue_token, revoke_token


def test_everybody_is_listed_but_the_deleted(cast, django_assert_num_queries):
    close_account(account=cast.owner)
    delete_account(account=cast.engineer)
    issue_token(name="t", scopes=["classify"], account=cast.reader)
    with django_assert_num_queries(1):
        found = [(account.name, n) for account, n in all_accounts()]
    assert found == [("operator", 0), ("other-reviewer", 0), ("owner", 0), ("reader", 1), ("reviewer", 0)]


def test_an_account_is_found_by_its_name(cast):
    assert account_named("reader") == cast.reader
    name = delete_account(account=cast.engineer).name
    for nobody in ("nobody", "a\x00b", "", name):
        with pytest.raises(NotFoundError, match="winnow accounts list"):
            account_named(nobody)


def test_only_tokens_that_live_are_listed(cast):
    for name in ("old", "revoked", "living"):
        issue_token(name=name, scopes=["classify"], account=cast.reader)
    issue_token(name="other", scopes=["classify"], account=cast.reviewer)
    ApiToken.objects.filter(name="old").update(expires_at="2026-01-01T00:00:00Z")
    revoke_token(pk=ApiToken.objects.get(name="revoked").pk, account=cast.reader)
    assert [token.name for token in living_tokens(cast.reader)] == ["living"]
