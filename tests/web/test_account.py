"""A person's own account."""

import re

import pytest

from winnow.models import Account, ApiToken
from winnow.services.accounts import close_account, set_role
from winnow.services.invite import issue_token, token_of
from winnow.services.password import change_password

GOOD, OTHER = "four words nobody joins", "another four words here"

pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture
def ada(cast):
    return change_password(account=cast.reader, new=GOOD)


def is_in(client):
    return client.get("/account").status_code == 200


def test_the_page_shows_who_one_is(visit, cast):
    main = visit("/account", who=cast.reader).main
    assert "<bdi>reader</bdi>, reader, here since" in main
    assert "Set the password" in main


def test_the_way_to_it_stands_in_the_head_of_every_page(visit, cast):
    assert visit("/", who=cast.reader).all(r'<a class="name" href="/account"[^>]*>(.*?)</a>') == ["reader"]


def test_a_first_password_is_set_and_the_visit_goes_on(client, send, cast):
    answer = send("/account/password", who=cast.reader, new=GOOD, again=GOOD)
    assert (answer.status_code, answer["Location"], is_in(client)) == (302, "/account", True)
    cast.reader.refresh_from_db()
    assert cast.reader.check_password(GOOD)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"current": GOOD, "new": OTHER, "again": "x"}, "The two are not the same."),
        ({"current": "x", "new": OTHER, "again": OTHER}, "This is not your password."),
        ({"current": GOOD, "new": "short", "again": "short"}, "This password is too short."),
    ],
)
def test_a_password_that_cannot_be_set_is_told_why(send, ada, fields, reason):
    answer = send("/account/password", who=ada, **fields)
    assert (answer.status_code, reason in answer.content.decode()) == (422, True)
    ada.refresh_from_db()
    assert ada.check_password(GOOD)
    assert OTHER not in answer.content.decode()


def test_a05_other_visits_end_with_a_password_change_and_this_one_goes_on(client, client_of, send, ada):
    other = client_of(ada)
    assert is_in(other)
    send("/account/password", who=ada, current=GOOD, new=OTHER, again=OTHER)
    assert (is_in(client), is_in(other)) == (True, False)


@pytest.mark.parametrize(
    "act", [lambda a: close_account(account=a), lambda a: set_role(account=a, role="reviewer")], ids=["close", "role"]
)
def test_a05_visits_end_at_once_with_closing_and_with_the_role(client, cast, act):
    client.force_login(cast.reader)
    assert is_in(client)
    act(cast.reader)
    assert not is_in(client)


def test_a_token_is_made_and_shown_once(client, send, visit, cast):
    answer = send("/account/tokens", who=cast.reader, name="my reader", scope=["classify", "submit"], days="30")
    (secret,) = re.findall(r"<code>(wnw_[^<]+)</code>", answer.content.decode())
    token = token_of(secret)
    assert (token.name, token.account, token.scopes) == ("my reader", cast.reader, ["classify", "submit"])
    assert answer["Cache-Control"].count("no-store") == 1
    page = visit("/account").main
    assert (secret in page, "my reader" in page, f"ends in {secret[-4:]}" in page) == (False, True, True)


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"scope": []},
        {"scope": ["all"]},
        {"days": "0"},
        {"days": "-1"},
        {"days": "9" * 30},
    ],
    ids=str,
)
def test_a_token_that_cannot_be_is_told_why(send, cast, change):
    fields = {"name": "t", "scope": ["classify"], "days": "30", **change}
    answer = send("/account/tokens", who=cast.reader, **fields)
    assert (answer.status_code, answer.content.decode().count('class="fault"')) == (422, 1)
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize(("role", "scope"), [("reader", "review"), ("reader", "operator"), ("owner", "operator")])
def test_a07_nobody_makes_a_token_above_their_role(send, cast, role, scope):
    answer = send("/account/tokens", who=getattr(cast, role), name="t", scope=["classify", scope], days="30")
    assert (answer.status_code, ApiToken.objects.count()) == (422, 0)


def test_a_token_of_ones_own_is_revoked(send, cast):
    secret = issue_token(name="t", scopes=["classify"], account=cast.reader).token
    answer = send(f"/account/tokens/{ApiToken.objects.get().pk}/revoke", who=cast.reader)
    assert (answer.status_code, token_of(secret)) == (302, None)


def test_a09_a_token_of_another_is_not_there(send, visit, cast):
    secret = issue_token(name="theirs", scopes=["classify"], account=cast.reviewer).token
    assert "theirs" not in visit("/account", who=cast.operator).main
    assert send(f"/account/tokens/{ApiToken.objects.get().pk}/revoke", who=cast.operator).status_code == 404
    assert token_of(secret) is not None


def test_who_types_the_name_is_deleted(client, send, cast):
    answer = send("/account/delete", who=cast.reader, name=" reader ")
    assert (answer["Location"], is_in(client)) == ("/", False)
    assert Account.objects.get(pk=cast.reader.pk).name.startswith("deleted-")


def test_a_slip_of_the_hand_deletes_nobody(client, send, cast):
    answer = send("/account/delete", who=cast.reader, name="Reader")
    assert (answer.status_code, is_in(client)) == (422, True)


def test_a17_the_last_operator_cannot_leave(client, send, cast):
    assert send("/account/delete", who=cast.operator, name="operator").status_code == 409
    assert is_in(client)
