"""Signing in by one-time link, and out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.models import SignInLink
from winnow.services.invite import invite

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


def test_the_session_gets_a_new_name(client, path, cast):
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
    assert "winnow invite reader" in html.main
    assert "password" not in " ".join(html.all(r"<input[^>]*>"))


def test_who_is_signed_in_is_told_so(visit, cast):
    assert "You are signed in as <bdi>reader</bdi>" in visit("/sign-in", who=cast.reader).main


def test_signing_out_ends_the_visit(client, cast):
    client.force_login(cast.reader)
    assert client.post("/sign-out")["Location"] == "/"
    assert not signed_in(client)
