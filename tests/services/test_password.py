"""Passwords: right, wrong, too often, weak, forgotten."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.utils import timezone

from winnow.core.errors import InputError, NotFoundError, TooManyError
from winnow.models import Account, Bucket, Event, SignInLink
from winnow.services import password as passwords
from winnow.services.accounts import close_account
from winnow.services.invite import invite, issue_token, token_of, use_link
from winnow.services.password import (
    change_password,
    make_reset_link,
    reset_password,
    sign_in_by_password,
)

GOOD, OTHER = "four words nobody joins", "another four words here"


class CountingHasher(MD5PasswordHasher):
    """Counts how often a hash is worked out."""

    n = 0

    def encode(self, password, salt):
        type(self).n += 1
        return super().encode(password, salt)


@pytest.fixture
def ada(db):
    account = Account.objects.create(name="ada", role="reader")
    return change_password(account=account, new=GOOD)


def enter(name="ada", password=GOOD, address="192.0.2.1"):
    return sign_in_by_password(name=name, password=password, address=address)


def code_of(link):
    return link.url.rsplit("/", 1)[1]


def guesses(n, *, name=lambda _: "ada", address=lambda _: "192.0.2.1"):
    """How many of `n` wrong guesses are looked at."""
    looked_at = 0
    for i in range(n):
        try:
            enter(name=name(i), password=f"wrong guess {i}", address=address(i))
        except NotFoundError:
            looked_at += 1
        except TooManyError:
            continue
    return looked_at


def test_who_knows_both_comes_in(ada):
    assert enter() == ada
    assert enter(name=" ada ") == ada
    assert Event.objects.filter(kind="account.signed_in", account=ada).count() == 2


def test_nobody_has_a_password_before_they_set_one(db):
    invite(role="operator", name="root")
    for guess in ("", "root", "admin", "password", "operator"):
        with pytest.raises(NotFoundError):
            enter("root", guess)


@pytest.mark.parametrize(("name", "word"), [("ada", OTHER), ("eve", GOOD), ("", ""), ("a\x00b", GOOD), ("ADA", GOOD)])
def test_a_wrong_pair_is_refused(ada, name, word):
    with pytest.raises(NotFoundError):
        enter(name, word)


def test_a05_a_closed_account_does_not_come_in(ada):
    close_account(account=ada)
    with pytest.raises(NotFoundError):
        enter()


def test_a01_guesses_at_one_account_from_a_thousand_addresses_are_bounded(ada):
    assert guesses(1000, address=lambda i: f"192.0.{i // 250}.{i % 250}") == 20


def test_a01_guesses_from_one_address_are_bounded_sooner(ada):
    assert guesses(200) == 5


def test_a01_the_owner_still_comes_in_by_link_and_by_reset(ada):
    guesses(100, address=lambda i: f"192.0.2.{i}")
    with pytest.raises(TooManyError):
        enter()
    assert reset_password(code=code_of(make_reset_link(ada)), new=OTHER) == ada
    assert use_link(code_of(invite(role="reader", name="ada"))) == ada


def test_a02_one_address_cannot_go_through_many_accounts(db):
    assert guesses(500, name=lambda i: f"person-{i}") == 30


def test_a02_many_addresses_meet_the_breaker_of_all(db, monkeypatch):
    monkeypatch.setattr(passwords, "BY_ALL", passwords.Limit("password.all", 40, 3600))
    assert guesses(200, name=lambda i: f"person-{i}", address=lambda i: f"192.0.2.{i}") == 40


def test_a02_right_passwords_use_nothing_up(ada):
    for _ in range(50):
        enter()
    assert set(Bucket.objects.values_list("n", flat=True)) == {0}


def test_a03_known_unknown_closed_and_without_a_password_are_the_same_answer_and_the_same_work(ada, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    Account.objects.create(name="links-only", role="reader", password="!none")
    closed = Account.objects.create(name="closed", role="reader")
    close_account(account=change_password(account=closed, new=OTHER))
    change_password(account=ada, new=OTHER, current=GOOD)
    answers = []
    for name in ("ada", "unknown", "links-only", "closed"):
        CountingHasher.n = 0
        with pytest.raises(NotFoundError) as refused:
            enter(name, "wrong guess")
        answers.append((str(refused.value), CountingHasher.n))
    assert len(set(answers)) == 1
    assert answers[0][1] == 1


def test_a03_unknown_names_are_slowed_like_known_ones(ada):
    assert guesses(20, name=lambda _: "unknown") == guesses(20, address=lambda _: "192.0.2.9") == 5


@pytest.mark.parametrize(
    ("weak", "why"),
    [("short", "12 characters"), ("password1234", "too common"), ("ada lovelace", "similar"), ("x" * 257, "longer")],
)
def test_a_weak_password_is_refused_with_the_reason(db, weak, why):
    account = Account.objects.create(name="ada lovelace", role="reader")
    with pytest.raises(InputError, match=why):
        change_password(account=account, new=weak)
    assert not Account.objects.get(pk=account.pk).has_password


def test_to_change_a_password_one_must_know_it(ada):
    with pytest.raises(InputError, match="current"):
        change_password(account=ada, new=OTHER, current="wrong guess")
    assert enter() == ada
    change_password(account=ada, new=OTHER, current=GOOD)
    assert enter(password=OTHER) == ada


def test_the_present_password_cannot_be_guessed_from_an_open_visit(ada):
    for _ in range(5):
        with pytest.raises(InputError):
            change_password(account=ada, new=OTHER, current="wrong guess")
    with pytest.raises(TooManyError):
        change_password(account=ada, new=OTHER, current=GOOD)


def test_a05_tokens_and_links_die_with_a_password_change(ada):
    token = issue_token(name="t", scopes=["classify"], account=ada).token
    code = code_of(invite(role="reader", name="ada"))
    before = Account.objects.get(pk=ada.pk).get_session_auth_hash()
    change_password(account=ada, new=OTHER, current=GOOD)
    assert token_of(token) is None
    with pytest.raises(NotFoundError):
        use_link(code)
    assert Account.objects.get(pk=ada.pk).get_session_auth_hash() != before


def test_a06_a_reset_link_works_once_within_its_hour(ada):
    link = make_reset_link(ada)
    assert timedelta(minutes=59) < link.expires_at - timezone.now() <= timedelta(hours=1)
    reset_password(code=code_of(link), new=OTHER)
    with pytest.raises(NotFoundError):
        reset_password(code=code_of(link), new=GOOD)
    old = make_reset_link(ada)
    SignInLink.objects.update(expires_at=timezone.now())
    with pytest.raises(NotFoundError):
        reset_password(code=code_of(old), new=GOOD)
    assert enter(password=OTHER) == ada


def test_a06_a_weak_password_does_not_spend_the_link(ada):
    code = code_of(make_reset_link(ada))
    with pytest.raises(InputError):
        reset_password(code=code, new="short")
    assert reset_password(code=code, new=OTHER) == ada


def test_a06_links_are_good_for_their_own_purpose_alone(ada):
    reset, sign_in = code_of(make_reset_link(ada)), code_of(invite(role="reader", name="ada"))
    with pytest.raises(NotFoundError):
        use_link(reset)
    with pytest.raises(NotFoundError):
        reset_password(code=sign_in, new=OTHER)


def test_a_reset_ends_other_reset_links(ada):
    first, second = (code_of(make_reset_link(ada)) for _ in range(2))
    reset_password(code=first, new=OTHER)
    with pytest.raises(NotFoundError):
        reset_password(code=second, new=GOOD)


def test_a_password_is_compared_as_given_and_never_cut(db):
    invite(role="reader", name="long")
    long = "x7 " * 85 + "z"
    change_password(account=Account.objects.get(name="long"), new=long)
    assert sign_in_by_password(name="long", password=long, address="192.0.2.1").name == "long"
    for other in (long + "z", long[:-1], long.upper()):
        with pytest.raises(NotFoundError):
            sign_in_by_password(name="long", password=other, address="192.0.2.1")
