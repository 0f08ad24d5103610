"""Accounts, links, tokens."""

import pytest
from django.utils import timezone

from winnow.models import Account, ApiToken, Role, SignInLink


def test_a_role_is_one_of_the_list(refused):
    assert refused(lambda: Account.objects.create(name="x", role="king"))
    assert refused(lambda: Account.objects.create(name="x", role=""))
    Account.objects.create(name="x", role=Role.READER)
    assert refused(lambda: Account.objects.update(role="king"))


def test_a_name_is_one_account(refused):
    Account.objects.create(name="ada", role=Role.READER)
    assert refused(lambda: Account.objects.create(name="ada", role=Role.OPERATOR))
    assert not refused(lambda: Account.objects.create(name="bob", role=Role.READER))


@pytest.mark.parametrize("hashed", [SignInLink, ApiToken])
def test_a_hash_is_one_secret(refused, cast, hashed):
    fields = {"account": cast.reader, "expires_at": timezone.now()}
    fields |= {"code_sha256": "a"} if hashed is SignInLink else {"token_sha256": "a", "scopes": []}
    hashed.objects.create(**fields)
    assert refused(lambda: hashed.objects.create(**fields))


def test_with_an_account_go_its_links_and_tokens(cast):
    fields = {"account": cast.reader, "expires_at": timezone.now()}
    SignInLink.objects.create(code_sha256="a", **fields)
    ApiToken.objects.create(token_sha256="a", scopes=[], **fields)
    cast.reader.delete()
    assert (SignInLink.objects.count(), ApiToken.objects.count()) == (0, 0)


def test_a_token_shows_its_last_letters_and_no_more():
    assert str(ApiToken(name="news", last4="wxyz", token_sha256="f" * 64)) == "news (…wxyz)"
    assert str(Account(name="ada")) == "ada"


def test_a_deleted_account_is_closed(refused, cast):
    now = timezone.now()
    assert refused(lambda: Account.objects.filter(pk=cast.reader.pk).update(deleted_at=now))
    assert not refused(lambda: Account.objects.filter(pk=cast.reader.pk).update(deleted_at=now, is_active=False))


@pytest.mark.parametrize("change", [{"password": "other"}, {"role": "owner"}, {"n_endings": 1}])
def test_a_session_agrees_with_password_role_and_endings(cast, change):
    before = cast.reader.get_session_auth_hash()
    assert cast.reader.get_session_auth_hash() == before
    for field, value in change.items():
        setattr(cast.reader, field, value)
    assert cast.reader.get_session_auth_hash() != before
