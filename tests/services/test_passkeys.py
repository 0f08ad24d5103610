"""Passkeys: added, right, replayed, of elsewhere, removed."""

import json

import pytest
from tests.authenticator import Device, set_up

from winnow.core.errors import InputError, NotFoundError, TooManyError
from winnow.models import Authenticator, Passkey, RecoveryCode
from winnow.queries.second_factor import has_second_factor
from winnow.services.accounts import delete_account
from winnow.services.passkeys import (
    add_passkey,
    check_passkey,
    creation_options,
    host_of_keys,
    remove_passkey,
    request_options,
)
from winnow.services.second_factor import begin_authenticator, forget_second_factor

SITE = "https://winnow.test"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.BASE_URL = SITE


@pytest.fixture
def ada(cast):
    return cast.operator


def add(account, device, name="phone", code=""):
    challenge = creation_options(account)[1]
    sent = {"credential": device.make(challenge), "challenge": challenge}
    return add_passkey(account=account, name=name, code=code, **sent)


@pytest.fixture
def device(ada):
    device = Device(SITE)
    add(ada, device)
    return device


def is_taken(account, credential, challenge):
    try:
        check_passkey(account=account, credential=credential, challenge=challenge)
    except InputError:
        return False
    return True


def test_the_first_factor_of_any_kind_ends_visits_and_brings_recovery_codes(ada):
    before = ada.get_session_auth_hash()
    codes = add(ada, Device(SITE))
    assert len(codes) == 10
    assert (has_second_factor(ada), ada.get_session_auth_hash() != before) == (True, True)
    assert add(ada, Device(SITE), "second", codes[0]) == []
    assert RecoveryCode.objects.count() == 10


def test_what_it_signs_is_taken_and_counted(ada, device):
    for n in (1, 2):
        challenge = request_options(ada)[1]
        assert is_taken(ada, device.sign(challenge), challenge)
        row = Passkey.objects.get()
        assert (row.sign_count, row.used_at is not None) == (n, True)


def test_a_browser_is_told_host_and_keys(ada, device, settings):
    made, asked = json.loads(creation_options(ada)[0]), json.loads(request_options(ada)[0])
    assert (made["rp"]["id"], asked["rpId"], made["user"]["name"]) == ("winnow.test", "winnow.test", "operator")
    assert [key["id"] for key in asked["allowCredentials"]] == [key["id"] for key in made["excludeCredentials"]]
    assert len(made["challenge"]) >= 43


def test_a_challenge_is_another_each_time(ada):
    assert len({request_options(ada)[1] for _ in range(20)}) == 20


def test_an_answer_to_another_challenge_is_refused(ada, device):
    assert not is_taken(ada, device.sign(b"a" * 64), b"b" * 64)


def test_where_nothing_was_asked_nothing_is_taken(ada, device):
    assert not is_taken(ada, device.sign(b""), b"")
    with pytest.raises(InputError):
        add_passkey(account=ada, credential=Device(SITE).make(b""), challenge=b"", name="x")


def test_a19_a_replay_is_refused_even_where_the_challenge_fits(ada, device):
    challenge = request_options(ada)[1]
    signed = device.sign(challenge)
    assert [is_taken(ada, signed, challenge) for _ in range(2)] == [True, False]


@pytest.mark.parametrize("origin", ["https://evil.test", "http://winnow.test", "https://winnow.test:444"])
def test_what_was_signed_for_another_site_is_refused(ada, device, origin):
    device.origin = origin
    assert not is_taken(ada, device.sign(b"c" * 64), b"c" * 64)
    elsewhere = Device(origin)
    with pytest.raises(InputError, match="not accepted"):
        add(ada, elsewhere)


def test_the_key_of_another_account_is_refused(ada, device, cast):
    add(cast.owner, Device(SITE))
    assert not is_taken(cast.owner, device.sign(b"c" * 64), b"c" * 64)


def test_a_signature_by_another_key_is_refused(ada, device):
    other = Device(SITE)
    other.id = device.id
    assert not is_taken(ada, other.sign(b"c" * 64), b"c" * 64)


@pytest.mark.parametrize("sent", ["", "{}", "null", "[]", "1", '{"id": 1}', "\x00", "[" * 5000, "x" * 30_000])
def test_what_is_no_credential_is_refused(ada, device, sent):
    assert not is_taken(ada, sent, b"c" * 64)
    with pytest.raises(InputError):
        add_passkey(account=ada, credential=sent, challenge=b"c" * 64, name="x")


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a" * 81])
def test_a_name_that_cannot_be_one_is_refused(ada, name):
    with pytest.raises(InputError, match="name: "):
        add(ada, Device(SITE), name)


def test_one_key_is_kept_once(ada, device, cast):
    for account in (ada, cast.owner):
        with pytest.raises(InputError, match="here already"):
            add(account, device)


def test_guesses_count_with_those_of_codes(ada, device):
    for _ in range(5):
        assert not is_taken(ada, "{}", b"c" * 64)
    with pytest.raises(TooManyError):
        check_passkey(account=ada, credential=device.sign(b"c" * 64), challenge=b"c" * 64)


def test_a_code_removes_one_of_ones_own(ada, cast):
    spent, *codes = set_up(ada)[1]
    add(ada, Device(SITE), code=spent)
    key = Passkey.objects.get()
    with pytest.raises(NotFoundError):
        remove_passkey(pk=key.pk, account=cast.owner, code=codes[0])
    with pytest.raises(InputError):
        remove_passkey(pk=key.pk, account=ada, code="x")
    assert remove_passkey(pk=key.pk, account=ada, code=codes[0]).name == "phone"
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("act", [forget_second_factor, lambda account: delete_account(account=account)])
def test_they_go_with_the_rest(cast, act):
    add(cast.reader, Device(SITE))
    act(cast.reader)
    assert (Passkey.objects.count(), RecoveryCode.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://127.0.0.1:8000", ""),
        ("http://[::1]:80", ""),
        ("http://localhost:1", "localhost"),
        (SITE, "winnow.test"),
    ],
)
def test_keys_are_bound_to_a_name_and_never_to_a_number(settings, address, host):
    settings.BASE_URL = address
    assert host_of_keys() == host


def test_a_further_factor_is_added_by_who_shows_one_alone(ada):
    """Whoever finds a visit open makes no way in of their own, and no recovery codes."""
    codes = add(ada, Device(SITE))
    hashes = set(RecoveryCode.objects.values_list("code_hash", flat=True))
    for code in ("", "000000"):
        with pytest.raises(InputError, match="code"):
            add(ada, Device(SITE), "theirs", code)
        with pytest.raises(InputError, match="code"):
            begin_authenticator(ada, code)
    assert (Passkey.objects.count(), Authenticator.objects.count()) == (1, 0)
    assert set(RecoveryCode.objects.values_list("code_hash", flat=True)) == hashes
    assert begin_authenticator(ada, codes[0]).confirmed_at is None


def test_guesses_at_a_code_for_a_further_key_are_counted(ada):
    add(ada, Device(SITE))
    for _ in range(5):
        with pytest.raises(InputError):
            add(ada, Device(SITE), "theirs", "000000")
    with pytest.raises(TooManyError):
        add(ada, Device(SITE), "theirs", "000000")


def test_an_app_that_was_begun_without_proof_does_not_outlive_the_first_key(ada):
    begin_authenticator(ada)
    add(ada, Device(SITE))
    assert not Authenticator.objects.exists()
