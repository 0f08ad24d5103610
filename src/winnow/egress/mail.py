"""Mail leaves here: to the one relay that the operator named, or into a folder where nothing is to leave the machine.

The address guard does not stand before it: the relay is the operator's own word, and is mostly on their own network.
"""

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from winnow.core.errors import FetchError

TIMEOUT_SECONDS = 15.0
# What a relay says of a mail that it will never take (RFC 5321, 4.2.2): no such mailbox, no permission, not accepted.
_NEVER = frozenset({550, 551, 552, 553, 554, 556})


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over: `tls` is `starttls`, `tls` or `none`; a `folder` takes the place of the network."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    tls: str = "starttls"
    folder: Path | None = None

    @property
    def is_set(self) -> bool:
        """Whether mail can be sent at all."""
        return bool(self.host) or self.folder is not None


def hand_over(message: EmailMessage, relay: Relay) -> None:
    """Give one mail to the relay. Raises FetchError: `mail_later` where it may go well later, `mail_refused` where not."""
    if relay.folder is not None:
        _keep(message, relay.folder)
        return
    try:
        with _connected(relay) as smtp:
            if relay.user:
                smtp.login(relay.user, relay.password)
            smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise _fault(max(code for code, _ in error.recipients.values())) from error
    except smtplib.SMTPDataError as error:
        raise _fault(error.smtp_code) from error
    except smtplib.SMTPNotSupportedError as error:
        raise FetchError("mail_later", "the mail relay cannot do what the settings ask for") from error
    except smtplib.SMTPResponseException as error:
        # Greeting, sign-in or sender: what is wrong is the relay or its settings, and no single mail.
        raise FetchError("mail_later", f"the mail relay answers {error.smtp_code}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise FetchError("mail_later", f"the mail relay cannot be reached ({type(error).__name__})") from error


def _connected(relay: Relay) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if relay.tls == "tls":
        return smtplib.SMTP_SSL(relay.host, relay.port, timeout=TIMEOUT_SECONDS, context=context)
    smtp = smtplib.SMTP(relay.host, relay.port, timeout=TIMEOUT_SECONDS)
    if relay.tls == "starttls":
        try:
            smtp.starttls(context=context)
        except Exception:
            smtp.close()
            raise
    return smtp


def _fault(code: int) -> FetchError:
    is_final = code in _NEVER
    return FetchError("mail_refused" if is_final else "mail_later", f"the mail relay answers {code}")


def _keep(message: EmailMessage, folder: Path) -> None:
    """Named after its Message-ID, so that the same twice is one; written beside and renamed, so that none is half."""
    name = "".join(sign for sign in str(message["Message-ID"]) if sign.isalnum() or sign in "-.@")[:120]
    beside = folder / f".{name}.{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_bytes(message.as_bytes())
        beside.replace(folder / f"{name}.eml")
    except OSError as error:
        raise FetchError("mail_later", f"the folder of mails cannot be written ({type(error).__name__})") from error
