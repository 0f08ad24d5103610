"""Links and tokens."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from winnow.core.errors import InputError, NotFoundError
from winnow.models import Account, ApiToken, SignInLink
from winnow.services.invite import digest, invite, issue_token, token_of, use_link

pytestmark = pytest.mark.django_db


def code_of(invitation):
    return invitation.url.rsplit("/", 1)[-1]


def test_an_invitation_makes_an_account_without_a_usable_password():
    link = invite(role="reviewer", name="ada")
    account = Account.objects.get(name="ada")
    assert (account.role, account.has_usable_password(), link.role) == ("reviewer", False, "reviewer")
    assert link.url.startswith("http://127.0.0.1:8000/sign-in/")


def test_the_same_name_gets_another_link_to_the_same_account():
    first, second = invite(role="reader", name="ada"), invite(role="reader", name="ada")
    assert use_link(code_of(first)) == use_link(code_of(second))


def test_a_name_keeps_its_role():
    invite(role="reader", name="ada")
    with pytest.raises(InputError, match="here as reader"):
        invite(role="operator", name="ada")


def test_an_unknown_role_is_refused_with_those_that_exist():
    with pytest.raises(InputError, match="reader, reviewer, engineer, owner, operator"):
        invite(role="king")


@pytest.mark.parametrize("name", ["x" * 81, "a\nb", "a\x00b", "\u202eevil"])
def test_a_name_that_cannot_be_one_is_refused(name):
    with pytest.raises(InputError, match="--name"):
        invite(role="reader", name=name)


def test_a_link_works_once():
    code = code_of(invite(role="reader"))
    use_link(code)
    with pytest.raises(NotFoundError):
        use_link(code)


def test_an_old_link_a_wrong_one_and_a_closed_account_are_refused_alike():
    old, closed = invite(role="reader", name="old"), invite(role="reader", name="closed")
    SignInLink.objects.filter(account__name="old").update(expires_at=timezone.now() - timedelta(seconds=1))
    Account.objects.filter(name="closed").update(is_active=False)
    messages = set()
    for code in (code_of(old), code_of(closed), "made-up"):
        with pytest.raises(NotFoundError) as refused:
            use_link(code)
        messages.add(str(refused.value))
    assert len(messages) == 1


def test_secrets_are_stored_as_hashes_alone():
    code = code_of(invite(role="reader"))
    token = issue_token(name="t", scopes=["classify"]).token
    stored = [
        *SignInLink.objects.values_list("code_sha256", flat=True),
        *ApiToken.objects.values_list("token_sha256", flat=True),
    ]
    assert stored == [digest(code), digest(token)]


def test_a_token_is_found_while_it_lives():
    issued = issue_token(name="t", scopes=["submit", "classify", "submit"], days=1)
    row = token_of(issued.token)
    assert (row.scopes, row.last4, issued.scopes) == (["classify", "submit"], issued.token[-4:], ("classify", "submit"))


@pytest.mark.parametrize(
    "change",
    [{"expires_at": timezone.now() - timedelta(seconds=1)}, {"revoked_at": timezone.now()}],
    ids=["expired", "revoked"],
)
def test_a_dead_token_is_none(change):
    issued = issue_token(name="t", scopes=["classify"])
    ApiToken.objects.update(**change)
    assert token_of(issued.token) is None


def test_the_token_of_a_closed_account_is_dead(cast):
    issued = issue_token(name="t", scopes=["classify"], account=cast.reader)
    Account.objects.filter(pk=cast.reader.pk).update(is_active=False)
    assert token_of(issued.token) is None


@pytest.mark.parametrize(("scopes", "days"), [(["all"], 1), ([], 1), (["classify"], 0), (["classify"], 10**6)])
def test_a_token_that_cannot_be_is_refused(scopes, days):
    with pytest.raises(InputError):
        issue_token(name="t", scopes=scopes, days=days)
    assert ApiToken.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_link_used_by_eight_at_once_signs_in_once(at_once):
    code = code_of(invite(role="reviewer", name="ada"))
    answers = at_once([partial(use_link, code)] * 8)
    assert sorted(type(answer) is Account for answer in answers) == [False] * 7 + [True]
    assert sum(isinstance(answer, NotFoundError) for answer in answers) == 7
