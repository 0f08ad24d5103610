"""Lines of the log: for people, or as JSON for programs; with the number of the request, and without secrets."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

MASK = "***"
# Of a message, which may quote an address of 32,768 signs: a flood of them must not fill the disk.
MOST = 2_000
_SECRETS = re.compile(
    r"(?i)(bearer\s+|(?:password|passwd|secret|token|api[_-]?key|authorization|cookie|sessionid|csrftoken)[\"']?\s*[=:]\s*[\"']?)"
    r"(?!bearer\b)[^\s\"',;&)]+"
)
# Without the scheme's letters, which would be looked for anew from each letter of a long word.
_IN_ADDRESS = re.compile(r"(://[^\s:/@]*:)[^\s@/]+@")
_LINKS = re.compile(r"(/(?:sign-in|reset|my|mail/confirm|mail/stop)/)[\w-]{8,}")


def without_secrets(text: str) -> str:
    """The text with what looks like a secret masked: fields, passwords in addresses, links that sign in.

    >>> without_secrets("postgresql://ada:pw@host/db token=abc")
    'postgresql://ada:***@host/db token=***'
    """
    text = _IN_ADDRESS.sub(rf"\1{MASK}@", text)
    return _LINKS.sub(rf"\1{MASK}", _SECRETS.sub(rf"\1{MASK}", text))


def shortened(text: str) -> str:
    """The text, or its beginning and how much there was.

    >>> shortened("a" * 3_000)[1_998:]
    'aa... (3000 signs)'
    """
    return text if len(text) <= MOST else f"{text[:MOST]}... ({len(text)} signs)"


class Plain(logging.Formatter):
    """One line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """As Python's own, masked; a message is masked before it is cut, so that no half of a secret is left."""
        number = _number()
        return without_secrets(super().format(record)) + (f" [{number}]" if number else "")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - Python's name
        """The line without a traceback, and no longer than a line may be."""
        record.message = shortened(without_secrets(record.message))
        return super().formatMessage(record)


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, number of the request, what is told besides, and a traceback where there is one."""
        row = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": shortened(without_secrets(record.getMessage())),
        }
        if number := _number():
            row["request_id"] = number
        if record.exc_info:
            row["fault"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(row | getattr(record, "told", {}), ensure_ascii=False, default=str)


def _number() -> str:
    """The number of the request that this thread answers; only a server has loaded what knows it."""
    measured = sys.modules.get("winnow.web.measured")
    return measured.request_id.get() if measured else ""
