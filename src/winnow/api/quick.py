"""The common call of `POST /api/v1/classify`, answered without the rest of the site.

A program that classifies asks again and again under one token, and two thirds of the time of such a call went into asking
the database what it had said a moment ago. What the long way (Django and ninja) let pass within FRESH_SECONDS, the very
same head of a request, is taken as known here, with the model that answered it; then the long way is asked again. So a
token that was revoked and a model that was exchanged count after that time at the latest. Whatever is not the plainest
call goes the long way, and so does whatever fails here.

The short way waits for nothing, so that it may be asked in the loop of the server itself (`rsgi.py`): a thread for each
call would cost as much again, since all of them take turns at one interpreter.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from winnow.api.parsing import strict_json
from winnow.api.schemas import ClassifyIn
from winnow.core.text import document
from winnow.services.away import is_at_fault
from winnow.services.classify import classify_documents
from winnow.services.deploy import Serving

PATH = "/api/v1/classify"
FRESH_SECONDS = 0.2
# From here on one call goes the long way again while the others need not wait for it.
RENEW_SECONDS = FRESH_SECONDS / 2
# Of the heads that are known and of the bytes of a body; what is more goes the long way.
MOST_KNOWN, MOST_BYTES = 256, 64_000
# More would keep the loop from others for too long.
MOST_BYTES_IN_LOOP = 8_000
# In the environment of a request that is asked about in the loop of the server, and of one that goes the long way for all.
IN_LOOP, RENEWS = "winnow.in_loop", "winnow.renews"
# Where the view leaves the model that answered, in the environment of its request.
SERVED = "winnow.served"
# Each request has another (`web/measured.py`).
NUMBER = "HTTP_X_REQUEST_ID"
# What belongs to one answer alone.
OWN = frozenset({"content-length", "content-encoding"})

Head = tuple[tuple[str, str], ...]


class NeedsThread(Exception):  # noqa: N818 - nothing is wrong
    """In the loop: this cannot be answered without waiting, for a database or an encoder."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What the long way made of a head: the model that answered, the heads of the answer, and how long that holds."""

    model: Serving
    headers: list[tuple[str, str]]
    renew: float
    until: float


class QuickClassify:
    """A WSGI application around the site's own."""

    def __init__(self, site: WSGIApplication) -> None:
        self.site = site
        self._passed: dict[Head, Passed] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The answer, by the short way where that is known to be open. Raises NeedsThread in the loop where it is not."""
        head = _head(environ) if environ["PATH_INFO"] == PATH and _is_plain(environ) else None
        passed = self._open(head, environ)
        if passed is not None and (answer := _answer(environ, passed.model)) is not None:
            start_response("200 OK", [*passed.headers, ("Content-Length", str(len(answer)))])
            return [answer]
        if IN_LOOP in environ:
            raise NeedsThread
        return self.site(environ, start_response) if head is None else self._long_way(head, environ, start_response)

    def _open(self, head: Head | None, environ: WSGIEnvironment) -> Passed | None:
        """What is known of a head, where that is fresh and enough to answer here."""
        passed, now = None if head is None else self._passed.get(head), time.monotonic()
        if head is None or passed is None or now >= passed.until or RENEWS in environ:
            return None
        if now >= passed.renew:
            self._passed[head] = replace(passed, renew=passed.until)
            environ[RENEWS] = True
            return None
        return passed if IN_LOOP not in environ or _is_soon_done(environ, passed.model) else None

    def _long_way(self, head: Head, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The site's answer; where it is one of a model, the next of the same head need not ask again."""

        def heard(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
            model = environ.get(SERVED)
            if status.startswith("200") and isinstance(model, Serving):
                if len(self._passed) >= MOST_KNOWN:
                    self._passed.clear()
                kept, now = [(name, value) for name, value in headers if name.lower() not in OWN], time.monotonic()
                self._passed[head] = Passed(model, kept, now + RENEW_SECONDS, now + FRESH_SECONDS)
            return start_response(status, headers, exc_info)

        return self.site(environ, heard)


def _is_soon_done(environ: WSGIEnvironment, model: Serving) -> bool:
    """A model that was away and answers again is told of in the database."""
    return not model.needs_encoder and int(environ["CONTENT_LENGTH"]) <= MOST_BYTES_IN_LOOP and not is_at_fault()


def _is_plain(environ: WSGIEnvironment) -> bool:
    length = environ.get("CONTENT_LENGTH", "")
    return (
        environ["REQUEST_METHOD"] == "POST"
        and environ.get("CONTENT_TYPE") == "application/json"
        and not environ.get("QUERY_STRING")
        and "HTTP_TRANSFER_ENCODING" not in environ
        and length.isdecimal()
        and int(length) <= MOST_BYTES
    )


def _head(environ: WSGIEnvironment) -> Head:
    """All that a request says before its body, and where it comes from."""
    said = [(name, value) for name, value in environ.items() if name.startswith("HTTP_") and name != NUMBER]
    return (*said, ("", str(environ.get("wsgi.url_scheme"))), ("", str(environ.get("REMOTE_ADDR"))))


def _answer(environ: WSGIEnvironment, model: Serving) -> bytes | None:
    """What the view would answer; None where anything is unusual, which the long way says better."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = BytesIO(body)
    try:
        given = ClassifyIn.model_validate(strict_json(body))
        documents = [document(one.title, one.description) for one in given.items]
        answers = classify_documents(documents, model=model)
        return json.dumps({"items": [{"id": None, **answer.as_json()} for answer in answers]}).encode()
    except Exception:  # noqa: BLE001 - the long way answers, and says what is wrong
        return None
