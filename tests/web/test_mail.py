"""Links in mails ask before they do anything, but for the one click of a mail program."""

import pytest
from django.test import Client

from winnow.models import Mailbox, Message
from winnow.services.mailbox import ANSWERS, DIGEST, confirm_address, set_address, stop_link

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_folder(settings, tmp_path):
    settings.MAIL_RELAY = {"folder": tmp_path / "mail"}


@pytest.fixture
def link(cast):
    set_address(account=cast.reader, address="reader@example.org")
    return "/mail/confirm/" + Message.objects.get().content["text"].split("/mail/confirm/")[1].split()[0]


def path_of(account, what=DIGEST):
    return "/" + stop_link(account.pk, what).split("/", 3)[3]


def test_an_address_is_given_confirmed_chosen_for_and_forgotten(send, visit, cast):
    send("/account/mail", cast.reader, mail="reader@example.org")
    assert "A link went to" in visit("/digest", cast.reader).text
    confirm_address(Message.objects.get().content["text"].split("/mail/confirm/")[1].split()[0])
    send("/account/mail/choose", cast.reader, every="weekly")
    box = Mailbox.objects.get()
    assert (box.every, box.wants_answers) == ("weekly", False)
    assert 'value="weekly" checked' in visit("/digest", cast.reader).text
    send("/account/mail/forget", cast.reader)
    assert not Mailbox.objects.exists()


def test_looking_confirms_nothing_and_the_button_does(client, link):
    answer = client.get(link)
    assert (answer.status_code, Mailbox.objects.get().confirmed_at) == (200, None)
    assert (answer["Referrer-Policy"], "no-store" in answer["Cache-Control"]) == ("same-origin", True)
    client.post(link)
    assert Mailbox.objects.get().confirmed_at is not None


def test_one_click_of_a_program_without_cookie_and_token_stops_it(cast, link):
    confirm_address(link.rsplit("/", 1)[1])
    program = Client(enforce_csrf_checks=True)
    assert program.post(path_of(cast.reader), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Mailbox.objects.get().every == "never"


def test_looking_stops_nothing(client, cast, link):
    confirm_address(link.rsplit("/", 1)[1])
    for what, words in ((DIGEST, "Stop the digest"), (ANSWERS, "Stop the mail with answers")):
        assert words in client.get(path_of(cast.reader, what)).content.decode()
    box = Mailbox.objects.get()
    assert (box.every, box.wants_answers) == ("daily", True)


@pytest.mark.parametrize("path", ["/mail/stop/made-up", "/mail/confirm/made-up"])
def test_a_link_that_is_none_is_404_and_changes_nothing(client, path, link):
    assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]
    assert Mailbox.objects.get().confirmed_at is None


def test_what_is_no_address_is_told(send, cast):
    answer = send("/account/mail", cast.reader, mail="nobody")
    assert (answer.status_code, "no mail address" in answer.content.decode()) == (400, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
def test_in_a_browser_both_buttons_work_without_signing_in(browse, cast, link):
    page = browse(link)
    page.get_by_role("main").get_by_role("button", name="Confirm").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Confirmed"
    page = browse(path_of(cast.reader))
    page.get_by_role("main").get_by_role("button", name="Stop it").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Stopped"
    box = Mailbox.objects.get()
    assert (box.confirmed_at is not None, box.every) == (True, "never")
