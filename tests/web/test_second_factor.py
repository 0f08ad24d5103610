"""The second factor as a visitor meets it."""

import re

import pytest
from tests.authenticator import Device, code_of, set_up

from winnow.models import ApiToken, Authenticator, Passkey
from winnow.services.accounts import close_account, set_role
from winnow.services.invite import invite
from winnow.services.password import change_password, make_reset_link
from winnow.services.second_factor import address_for_app
from winnow.web.qr import qr_of

GOOD, OTHER = "four words nobody joins", "another four words here"

pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """In the middle of a step; `clock[0]` is the time."""
    told = [1_800_000_015.0]
    monkeypatch.setattr("time.time", lambda: told[0])
    return told


@pytest.fixture
def ada(cast):
    return change_password(account=cast.operator, new=GOOD)


@pytest.fixture
def app(ada):
    return set_up(ada)[0]


def is_in(client):
    return client.get("/account").status_code == 200


def first_factor(send, way, account, **fields):
    """Show the first factor in one of the three ways there are."""
    if way == "password":
        return send("/sign-in", name=account.name, password=GOOD, **fields)
    if way == "link":
        return send("/sign-in/" + invite(role=account.role, name=account.name).url.rsplit("/", 1)[1], **fields)
    return send("/reset/" + make_reset_link(account).url.rsplit("/", 1)[1], new=OTHER, again=OTHER)


@pytest.mark.parametrize("way", ["password", "link", "reset"])
def test_no_way_in_goes_around_it(client, send, ada, app, way):
    assert first_factor(send, way, ada)["Location"] == "/second-factor"
    assert not is_in(client)
    assert send("/second-factor", code=code_of(app)).status_code == 302
    assert is_in(client)


def test_the_way_on_is_kept_and_leads_nowhere_else(client, send, ada, app):
    first_factor(send, "password", ada, next="/review")
    assert send("/second-factor", code=code_of(app))["Location"] == "/review"
    client.logout()
    first_factor(send, "password", ada, next="//evil.example")
    assert send("/second-factor", code=code_of(app, 1))["Location"] == "/"


def test_a_wrong_code_is_told_and_not_shown_again(client, visit, send, ada, app):
    first_factor(send, "password", ada)
    assert "recovery codes" in visit("/second-factor").main
    answer = send("/second-factor", code="guess-1")
    assert (answer.status_code, is_in(client)) == (422, False)
    assert "This code is wrong, or was used already." in answer.content.decode()
    assert "guess-1" not in answer.content.decode()


def test_a04_the_visit_begins_under_a_new_session(client, send, ada, app):
    first_factor(send, "password", ada)
    before = client.session.session_key
    send("/second-factor", code=code_of(app))
    assert client.session.session_key != before
    assert "second-factor" not in client.session


def test_a01_too_many_guesses_are_429_and_say_when_to_come_back(client, send, ada, app):
    first_factor(send, "password", ada)
    answers = [send("/second-factor", code="x") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert send("/second-factor", code=code_of(app)).status_code == 429
    assert not is_in(client)


@pytest.mark.parametrize(
    "change",
    [
        lambda account: close_account(account=account),
        lambda account: set_role(account=account, role="reader"),
        lambda account: change_password(account=account, new=OTHER, current=GOOD),
    ],
    ids=["closed", "role", "password"],
)
def test_who_waits_is_shut_out_by_what_ends_visits(send, cast, change):
    cast.owner = change_password(account=cast.owner, new=GOOD)
    row = set_up(cast.owner)[0]
    first_factor(send, "password", cast.owner)
    change(cast.owner)
    assert send("/second-factor", code=code_of(row))["Location"] == "/sign-in"


def test_the_first_factor_is_good_for_ten_minutes(send, clock, ada, app):
    first_factor(send, "password", ada)
    clock[0] += 601
    assert send("/second-factor", code=code_of(app))["Location"] == "/sign-in"


def test_nobody_is_asked_before_the_first_factor(client, send, ada, app):
    assert send("/second-factor", code=code_of(app))["Location"] == "/sign-in"
    assert not is_in(client)


def test_it_is_set_up_without_scripts_and_the_codes_are_shown_once(client, visit, send, cast, client_of):
    other = client_of(cast.reader)
    assert "Set up an app" in visit("/account/second-factor", who=cast.reader).main
    send("/account/second-factor/begin")
    row = Authenticator.objects.get()
    page = visit("/account/second-factor")
    assert page.all(r'href="(otpauth:[^"?]*)') == ["otpauth://totp/Winnow:reader"]
    assert f'<path d="{qr_of(address_for_app(row)).path}"/>' in page.main
    assert send("/account/second-factor/confirm", code="1").status_code == 422
    answer = send("/account/second-factor/confirm", code=code_of(row))
    codes = re.findall(r"<code>([a-z2-7-]{29})</code>", answer.content.decode())
    assert (len(codes), "no-store" in answer["Cache-Control"]) == (10, True)
    assert (is_in(client), is_in(other)) == (True, False)
    page = visit("/account/second-factor").main
    assert ("Recovery codes left: 10" in page, codes[0] in page, "otpauth" in page) == (True, False, False)


def test_new_codes_and_removal_want_a_code(client, send, ada, app):
    for verb in ("codes", "remove"):
        assert send(f"/account/second-factor/{verb}", who=ada, code="x").status_code == 422
    answer = send("/account/second-factor/codes", code=code_of(app))
    code = re.findall(r"<code>([a-z2-7-]{29})</code>", answer.content.decode())[0]
    assert send("/account/second-factor/remove", code=code).status_code == 302
    assert (is_in(client), Authenticator.objects.count()) == (True, 0)
    assert send("/account/second-factor/begin").status_code == 302


def test_guesses_there_are_counted_too(send, ada, app):
    answers = [send("/account/second-factor/remove", who=ada, code="x").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_one_that_is_there_is_not_begun_again(send, ada, app):
    assert send("/account/second-factor/begin", who=ada).status_code == 409


@pytest.mark.parametrize("role", ["owner", "operator"])
def test_where_it_is_required_nothing_else_is_open(client, visit, send, cast, settings, role):
    settings.REQUIRE_SECOND_FACTOR = True
    account = getattr(cast, role)
    for path in ("/account", "/value", "/review", "/submit"):
        client.force_login(account)
        assert client.get(path)["Location"] == "/account/second-factor", path
    send("/account/tokens", name="t", scope=["classify"], days="3")
    assert ApiToken.objects.count() == 0
    assert "need a second factor" in visit("/account/second-factor").main
    assert 'href="/review"' not in visit("/").text
    send("/account/second-factor/begin")
    send("/account/second-factor/confirm", code=code_of(Authenticator.objects.get()))
    assert [client.get(path).status_code for path in ("/account", "/value", "/review")] == [200] * 3


def test_where_it_is_required_others_go_on_without(visit, cast, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    visit("/review", who=cast.engineer)
    visit("/account", who=cast.reader)


def with_device(page):
    """The same page beside a device that keeps passkeys and says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    told = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    can = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**told, **can}})
    return page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_added_and_lets_in(browse, live_server, cast):
    change_password(account=cast.operator, new=GOOD)
    page = with_device(browse("/account/second-factor", who=cast.operator))
    page.get_by_label("What you call it").fill("phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("Shown this once").wait_for()
    assert page.locator("li code").count() == 10
    page.context.clear_cookies()
    page.goto(live_server.url + "/sign-in")
    page.get_by_label("Name").fill("operator")
    page.get_by_label("Password").fill(GOOD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("Signed in as operator.").wait_for()
    assert Passkey.objects.get().used_at is not None


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_without_scripts_no_passkey_is_offered(browse, cast):
    page = browse("/account/second-factor", who=cast.reader, scripts=False)
    assert not page.get_by_role("button", name="Add a passkey").is_visible()
    assert page.get_by_role("button", name="Set up an app").is_visible()


def test_a19_a_passkey_answers_the_challenge_of_its_own_visit_once(client, send, settings, ada):
    settings.BASE_URL = "https://winnow.test"
    device = Device(settings.BASE_URL)
    client.force_login(ada)
    client.get("/account/second-factor")
    made = device.make(bytes.fromhex(client.session["passkey"]))
    assert send("/account/passkeys", name="phone", credential=made).status_code == 200
    assert send("/account/passkeys", name="again", credential=made).status_code == 422
    client.logout()
    first_factor(send, "password", ada)
    client.get("/second-factor")
    signed = device.sign(bytes.fromhex(client.session["passkey"]))
    assert send("/second-factor/passkey", credential="{}").status_code == 422
    assert send("/second-factor/passkey", credential=signed).status_code == 422
    device.n_signed -= 1
    signed = device.sign(bytes.fromhex(client.session["passkey"]))
    assert send("/second-factor/passkey", credential=signed).status_code == 302
    assert is_in(client)


def test_a_passkey_of_ones_own_is_removed_by_a_code(send, settings, ada, app):
    key = Passkey.objects.create(account=ada, name="phone", credential_id="k", public_key=b"k")
    assert send(f"/account/passkeys/{key.pk}/remove", who=ada, code="x").status_code == 422
    assert send(f"/account/passkeys/{key.pk}/remove", code=code_of(app)).status_code == 302
    assert not Passkey.objects.exists()


def test_a_passkey_is_not_asked_before_the_first_factor(send, db):
    assert send("/second-factor/passkey", credential="{}")["Location"] == "/sign-in"
