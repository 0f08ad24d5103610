"""Mails are handed over, and what goes wrong is told apart: for later, or for never."""

import socket
from email.message import EmailMessage

import pytest
from tests.sink import sink

from winnow.core.errors import FetchError
from winnow.egress.mail import Relay, hand_over


@pytest.fixture
def server():
    with sink() as server:
        yield server


def relay(server, **more):
    return Relay(host="127.0.0.1", port=server.port, **{"tls": "none", **more})


def mail(text="Hello.\n.\n..dots\n"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "winnow@localhost", "reader@example.org", "Digest"
    message["Message-ID"] = "<abc@localhost>"
    message.set_content(text)
    return message


def test_a_mail_arrives_as_it_was_written(server):
    hand_over(mail(), relay(server))
    (got,) = server.mails
    assert (got["To"], got["Subject"], got["Message-ID"]) == ("reader@example.org", "Digest", "<abc@localhost>")
    assert got.get_content().replace("\r\n", "\n") == "Hello.\n.\n..dots\n"
    assert server.recipients == ["rcpt TO:<reader@example.org>"]


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ({"RCPT": "550 no such mailbox"}, "mail_refused"),
        ({"RCPT": "450 come again"}, "mail_later"),
        ({"end": "554 spam"}, "mail_refused"),
        ({"end": "451 full"}, "mail_later"),
        ({"DATA": "451 not now"}, "mail_later"),
        ({"MAIL": "550 not from you"}, "mail_later"),
        ({"greeting": "554 go away"}, "mail_later"),
    ],
)
def test_what_a_relay_says_is_for_later_or_for_never(server, says, code):
    server.says = says
    with pytest.raises(FetchError) as fault:
        hand_over(mail(), relay(server))
    assert fault.value.code == code
    # What the other side writes never appears.
    assert not any(words[4:] in str(fault.value) for words in says.values())


def test_a_relay_that_is_away_is_for_later():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(FetchError) as fault:
        hand_over(mail(), Relay(host="127.0.0.1", port=port, tls="none"))
    assert fault.value.code == "mail_later"


@pytest.mark.parametrize("more", [{"tls": "starttls"}, {"user": "somebody", "password": "secret"}])
def test_what_the_relay_cannot_do_is_never_done_without(server, more):
    with pytest.raises(FetchError) as fault:
        hand_over(mail(), relay(server, **more))
    assert (fault.value.code, server.raw) == ("mail_later", [])


def test_a_folder_keeps_the_same_mail_once(tmp_path):
    for _ in range(2):
        hand_over(mail(), Relay(folder=tmp_path / "mail"))
    (kept,) = (tmp_path / "mail").iterdir()
    assert (kept.name, b"Subject: Digest" in kept.read_bytes()) == ("abc@localhost.eml", True)


def test_a_name_that_leads_out_of_the_folder_does_not(tmp_path):
    message = mail()
    del message["Message-ID"]
    message["Message-ID"] = "<../../etc/passwd@localhost>"
    hand_over(message, Relay(folder=tmp_path / "mail"))
    (kept,) = (tmp_path / "mail").iterdir()
    assert "/" not in kept.name


def test_a_folder_that_cannot_be_written_is_for_later(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FetchError, match="cannot be written"):
        hand_over(mail(), Relay(folder=tmp_path / "file"))


@pytest.mark.parametrize(("given", "is_set"), [({}, False), ({"host": "mail.test"}, True)])
def test_without_host_and_folder_nothing_can_be_sent(given, is_set):
    assert Relay(**given).is_set == is_set
