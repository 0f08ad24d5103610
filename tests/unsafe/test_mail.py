"""Unsafe mail."""

from pathlib import Path

import pytest

RELAY = {"host": "", "port": 587, "user": "", "password": "", "tls": "starttls", "folder": None}


def relay(**told):
    return {"MAIL_RELAY": RELAY | told}


@pytest.mark.parametrize(
    ("number", "told", "fault"),
    [
        ("E013", relay(host="mail.example.org", tls="none"), "to mail.example.org in the clear"),
        ("E014", relay(host="mail.example.org", user="ada"), "one half"),
        ("E015", {"MAIL_FROM": "winnow"}, "no address of mail"),
        ("E015", {"MAIL_FROM": "a@b.example\nBcc: c@d.example"}, "no address of mail"),
        ("E016", relay(host="mail.example.org", folder=Path("/srv/mail")), "would stay in the folder"),
        ("E033", {"ALERT_MAIL": ("ada",)}, "'ada' is no address of mail"),
    ],
)
def test_o5_unsafe_mail_is_refused_by_name(refused, number, told, fault):
    ((found, said),) = refused(told)
    assert (found, fault in said) == (number, True)


@pytest.mark.parametrize(
    "told",
    [
        relay(host="localhost", tls="none"),
        relay(host="mail.example.org", user="ada", password="x"),
        relay(folder=Path("/srv/mail")),
        {"MAIL_FROM": "Winnow <winnow@example.org>"},
    ],
    ids=str,
)
def test_what_is_safe_is_not(refused, told):
    assert refused(told) == []
