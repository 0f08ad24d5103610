"""The second factor: right, wrong, twice, too often, lost."""

import threading

import pytest
from django.db import connection
from tests.authenticator import code_of, set_up

from winnow.core.errors import ConflictError, InputError, TooManyError
from winnow.models import Account, Authenticator, Event, RecoveryCode, Role
from winnow.services import second_factor
from winnow.services.accounts import delete_account
from winnow.services.invite import issue_token, token_of
from winnow.services.second_factor import (
    address_for_app,
    begin_authenticator,
    check_second_factor,
    confirm_authenticator,
    forget_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    secret_of,
)


@pytest.fixture(autouse=True)
def _in_the_middle_of_a_step(monkeypatch):
    """A test that begins at the end of a step would see two."""
    monkeypatch.setattr("time.time", lambda: 1_800_000_015.0)


@pytest.fixture
def ada(cast):
    return cast.operator


@pytest.fixture
def app(ada):
    return set_up(ada)[0]


def is_taken(account, code):
    try:
        check_second_factor(account=account, code=code)
    except InputError:
        return False
    return True


def test_codes_are_those_of_the_standard(monkeypatch, ada):
    """RFC 6238, appendix B: the secret of the standard tells 94287082 at 59 seconds; the last six digits are ours."""
    row = begin_authenticator(ada)
    monkeypatch.setattr(second_factor, "secret_of", lambda _row: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    monkeypatch.setattr("time.time", lambda: 59.0)
    assert len(confirm_authenticator(account=ada, code="287082")) == 10
    row.refresh_from_db()
    assert (row.last_step, row.confirmed_at is not None) == (1, True)


def test_the_database_does_not_hold_the_secret(settings, app):
    secret, address = secret_of(app), address_for_app(app)
    assert len(secret) == 32
    assert address == f"otpauth://totp/Winnow:operator?secret={secret}&issuer=Winnow"
    assert secret.lower() not in str(Authenticator.objects.values()).lower()
    settings.SECRET_KEY = "another key"
    assert secret_of(app) != secret


def test_a_secret_that_is_not_confirmed_is_not_asked_for_and_can_be_made_again(ada):
    first = begin_authenticator(ada)
    second = begin_authenticator(ada)
    assert secret_of(first) != secret_of(second)
    with pytest.raises(InputError, match="code: "):
        confirm_authenticator(account=ada, code=code_of(first))
    assert not is_taken(ada, code_of(second))
    assert (Authenticator.objects.get().confirmed_at, RecoveryCode.objects.count()) == (None, 0)


def test_an_app_that_counts_is_not_exchanged_unasked(ada, app):
    with pytest.raises(ConflictError, match="remove it first"):
        begin_authenticator(ada)
    with pytest.raises(InputError):
        confirm_authenticator(account=ada, code=code_of(app))


def test_confirming_ends_visits_and_leaves_tokens(ada):
    before, token = ada.get_session_auth_hash(), issue_token(name="t", scopes=["classify"], account=ada).token
    set_up(ada)
    assert ada.get_session_auth_hash() != before
    assert token_of(token) is not None


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(ada, app, steps, is_right):
    assert is_taken(ada, code_of(app, steps)) == is_right


def test_a19_a_code_is_taken_once_and_older_ones_with_it(ada, app):
    now, later = code_of(app), code_of(app, 1)
    assert [is_taken(ada, code) for code in (now, now, later, later, now)] == [True, False, True, False, False]


def test_the_code_that_confirmed_is_spent(ada):
    row = begin_authenticator(ada)
    confirm_authenticator(account=ada, code=code_of(row))
    assert not is_taken(ada, code_of(row))


def test_codes_are_taken_as_people_type_them(ada, app):
    code = code_of(app)
    assert is_taken(ada, f" {code[:3]} {code[3:]} ")


@pytest.mark.parametrize("code", ["", "0", "١٢٣٤٥٦", "a" * 5000, "\x00", "😀"])
def test_what_is_no_code_is_refused(ada, app, code):
    assert not is_taken(ada, code)


def test_a_recovery_code_is_taken_once_by_its_own_account(ada, cast):
    codes = set_up(ada)[1]
    set_up(cast.owner)
    assert len(set(codes)) == 10
    assert not is_taken(cast.owner, codes[0])
    assert [is_taken(ada, code) for code in (codes[0], codes[0], codes[1].upper().replace("-", " "))] == [
        True,
        False,
        True,
    ]
    assert all(code.replace("-", "") not in str(RecoveryCode.objects.values()) for code in codes)
    assert Event.objects.filter(kind="account.recovery_code_used", is_public=False).count() == 2


def test_new_recovery_codes_end_the_old_ones(ada):
    row, old = set_up(ada)
    new = renew_recovery_codes(account=ada, code=code_of(row))
    assert (is_taken(ada, old[0]), is_taken(ada, new[0]), RecoveryCode.objects.count()) == (False, True, 10)
    with pytest.raises(InputError):
        renew_recovery_codes(account=ada, code="000000")


def test_a_code_removes_it(ada, app):
    with pytest.raises(InputError):
        remove_second_factor(account=ada, code="x")
    assert Authenticator.objects.exists()
    remove_second_factor(account=ada, code=code_of(app))
    assert (Authenticator.objects.count(), RecoveryCode.objects.count()) == (0, 0)


def test_who_lost_everything_is_helped_and_all_access_ends(ada, app):
    before, token = ada.get_session_auth_hash(), issue_token(name="t", scopes=["classify"], account=ada).token
    forgotten = forget_second_factor(ada)
    assert (Authenticator.objects.count(), token_of(token)) == (0, None)
    assert forgotten.get_session_auth_hash() != before


def test_a01_guesses_are_counted_and_a_right_code_waits_too(ada, app, cast):
    set_up(cast.owner)
    assert not any(is_taken(ada, "x") for _ in range(5))
    with pytest.raises(TooManyError) as refused:
        check_second_factor(account=ada, code=code_of(app))
    assert 0 < refused.value.retry_after <= 301
    assert not is_taken(cast.owner, "x"), "another account has counts of its own"


def test_right_codes_do_not_count(ada):
    codes = set_up(ada)[1]
    assert all(is_taken(ada, code) for code in codes)


def test_deleting_the_account_forgets_it(cast):
    set_up(cast.reader)
    delete_account(account=cast.reader)
    assert (Authenticator.objects.count(), RecoveryCode.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_a19_of_two_that_bring_the_same_code_at_once_one_is_let_in(kind):
    account = Account.objects.create(name="ada", role=Role.OPERATOR)
    row, codes = set_up(account)
    code, gate, answers = code_of(row) if kind == "app" else codes[0], threading.Barrier(2), []

    def work():
        try:
            gate.wait()
            answers.append(is_taken(account, code))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, True]
