"""Signing in by one-time link, and out."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from winnow.models import Account, SignInLink
from winnow.services.invite import invite
from winnow.services.password import change_password, make_reset_link

GOOD, OTHER = "four words nobody joins", "another four words here"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tags")]


@pytest.fixture
def path():
    """The path of a fresh link for a reader."""
    return "/sign-in/" + invite(role="reader", name="ada").url.rsplit("/", 1)[1]


def signed_in(client):
    return client.session.get("_auth_user_id") is not None


def test_looking_at_a_link_does_not_spend_it(client, visit, path):
    for _ in range(3):
        assert visit(path).all(r"<button class=\"main\">(.*?)</button>") == ["Sign in"]
    assert (SignInLink.objects.get().used_at, signed_in(client)) == (None, False)


def test_pressing_the_button_signs_in_once(client, visit, path):
    answer = client.post(path)
    assert (answer.status_code, answer["Location"], signed_in(client)) == (302, "/", True)
    assert "Signed in as ada." in visit("/").main
    client.logout()
    assert client.post(path).status_code == 404
    assert not signed_in(client)


def test_a04_the_session_gets_a_new_name(client, path, cast):
    client.force_login(cast.reader)
    before = client.session.session_key
    client.post(path)
    assert client.session.session_key != before


def test_a_link_that_is_too_old_is_refused(client, path):
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.post(path)
    assert (answer.status_code, signed_in(client)) == (404, False)
    assert "ask for a new one" in answer.content.decode()


@pytest.mark.parametrize("code", ["x", "%00", "a" * 500, "<script>"])
def test_a_made_up_link_is_refused(client, code):
    assert client.post(f"/sign-in/{code}").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "place"), [("/review", "/review"), ("https://evil.example", "/"), ("//evil.example", "/"), ("", "/")]
)
def test_the_way_on_leads_nowhere_else(client, path, wanted, place):
    assert client.post(path, {"next": wanted})["Location"] == place


def test_the_way_on_is_carried_through_the_button(visit, path):
    html = visit(path, next='/review"><script>')
    assert html.all(r'name="next" value="([^"]*)"') == ["/review&quot;&gt;&lt;script&gt;"]


def test_the_page_tells_how_to_get_a_link(visit):
    html = visit("/sign-in")
    assert ("winnow invite reader" in html.main, "winnow accounts reset" in html.main) == (True, True)


def test_who_is_signed_in_is_told_so(visit, cast):
    assert "You are signed in as <bdi>reader</bdi>" in visit("/sign-in", who=cast.reader).main


def test_a05_signing_out_ends_the_visit(client, cast):
    client.force_login(cast.reader)
    answer = client.post("/sign-out")
    assert (answer["Location"], answer["Clear-Site-Data"]) == ("/", '"cache"')
    assert not signed_in(client)
    assert client.get("/account").status_code == 302


@pytest.fixture
def ada():
    """An account with a password."""
    invite(role="reader", name="ada")
    return change_password(account=Account.objects.get(name="ada"), new=GOOD)


def test_a_password_signs_in_and_leads_on(client, send, ada):
    answer = send("/sign-in", name="ada", password=GOOD, next="/submit")
    assert (answer.status_code, answer["Location"], signed_in(client)) == (302, "/submit", True)


def test_a04_a_password_too_begins_a_new_session(client, send, ada, cast):
    client.force_login(cast.reader)
    before = client.session.session_key
    send("/sign-in", name="ada", password=GOOD)
    assert client.session.session_key != before
    thief = Client()
    thief.cookies["sessionid"] = before
    assert thief.get("/account").status_code == 302


def test_a03_the_page_is_the_same_for_known_and_unknown_names(send, ada):
    answers = []
    for name in ("ada", "eve"):
        answer = send("/sign-in", name=name, password="wrong guess")
        html = re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode()).replace(f'value="{name}"', "")
        answers.append((answer.status_code, html, sorted(answer.headers)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422
    assert "Name and password do not fit together." in answers[0][1]


def test_a01_too_many_guesses_are_429_and_say_when_to_come_back(client, send, ada):
    answers = [send("/sign-in", name="ada", password="wrong guess") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 301
    assert "Too many tries" in answers[-1].content.decode()
    assert send("/sign-in", name="ada", password=GOOD).status_code == 429
    assert not signed_in(client)


def test_what_was_typed_is_never_shown_again(send, ada):
    assert "wrong guess" not in send("/sign-in", name="ada", password="wrong guess").content.decode()


def reset_path(account):
    return "/reset/" + make_reset_link(account).url.rsplit("/", 1)[1]


def test_a_reset_link_sets_a_password_and_signs_in(client, visit, send, ada):
    path = reset_path(ada)
    assert visit(path).all(r'name="(new|again)"') == ["new", "again"]
    answer = send(path, new=OTHER, again=OTHER)
    assert (answer["Location"], signed_in(client)) == ("/account", True)
    assert send(path, new=GOOD, again=GOOD).status_code == 404
    ada.refresh_from_db()
    assert ada.check_password(OTHER)


@pytest.mark.parametrize(("new", "again"), [(OTHER, "x"), ("short", "short"), ("", "")])
def test_what_cannot_be_a_password_does_not_spend_the_link(send, ada, new, again):
    path = reset_path(ada)
    assert send(path, new=new, again=again).status_code == 422
    assert send(path, new=OTHER, again=OTHER).status_code == 302


@pytest.mark.parametrize("code", ["x", "%00", "a" * 500, "<script>"])
def test_a_made_up_reset_link_is_refused(client, code):
    assert (client.get(f"/reset/{code}").status_code, client.post(f"/reset/{code}").status_code) == (404, 404)


def test_a06_a_reset_link_does_not_sign_in_and_a_sign_in_link_does_not_reset(client, ada, path):
    assert client.post(reset_path(ada).replace("/reset/", "/sign-in/")).status_code == 404
    assert client.get(path.replace("/sign-in/", "/reset/")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a16_of_two_that_race_for_the_link_of_the_first_operator_one_gets_it():
    path = "/sign-in/" + invite(role="operator", name="root").url.rsplit("/", 1)[1]
    gate, answers = threading.Barrier(2), []

    def work():
        try:
            gate.wait()
            answers.append(Client().post(path).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 404]
