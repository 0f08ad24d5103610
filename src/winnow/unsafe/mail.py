"""The relay for mail, and who writes and hears."""

import re
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any

from django.conf import settings

from winnow.core.hosts import is_here
from winnow.egress.mail import Relay
from winnow.unsafe.refusals import refuses


@refuses("E013", "WINNOW_MAIL_TLS", "give starttls or tls")
def _mail_in_the_clear() -> Iterator[str]:
    relay = _relay()
    if relay.tls == "none" and relay.host and not is_here(relay.host):
        yield f"mails, with their links, would go to {relay.host} in the clear"


@refuses("E014", "WINNOW_MAIL_USER", "give both WINNOW_MAIL_USER and WINNOW_MAIL_PASSWORD, or neither")
def _half_a_sign_in() -> Iterator[str]:
    relay = _relay()
    if bool(relay.user) != bool(relay.password):
        yield "there is one half of a sign-in to the relay"


@refuses("E015", "WINNOW_MAIL_FROM", "give an address such as Winnow <winnow@example.org>")
def _no_sender() -> Iterator[str]:
    sender = settings.MAIL_FROM
    if sender and not _is_address(sender):
        yield f"{sender!r} is no address of mail"


@refuses("E016", "WINNOW_MAIL_FOLDER", "leave one of the two out")
def _mail_goes_nowhere() -> Iterator[str]:
    relay = _relay()
    if relay.folder and relay.host:
        yield "mails would stay in the folder, though WINNOW_MAIL_HOST names a relay"


@refuses("E033", "WINNOW_ALERT_MAIL", "give addresses such as ada@example.org, with commas between them")
def _nobody_is_told() -> Iterator[str]:
    for told in settings.ALERT_MAIL:
        if not _is_address(told):
            yield f"{told!r} is no address of mail, and nobody would hear of an alert"


def _is_address(text: str) -> bool:
    return text.isprintable() and bool(re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(text)[1]))


def _relay() -> Relay:
    told: dict[str, Any] = settings.MAIL_RELAY
    return Relay(**told)
