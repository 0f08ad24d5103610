"""The common call of `POST /api/v1/classify`, answered without the rest of the site.

A program that classifies asks again and again under one token, and two thirds of the time of such a call went into asking
the database what it had said a moment ago. What the long way (Django and ninja) let pass within FRESH_SECONDS, the very
same head of a request, is taken as known here, with the model that answered it; then the long way is asked again. So a
token that was revoked and a model that was exchanged count after that time at the latest. Whatever is not the plainest
call goes the long way, and so does whatever fails here.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from winnow.api.parsing import strict_json
from winnow.api.schemas import ClassifyIn
from winnow.core.text import document
from winnow.services.classify import classify_documents
from winnow.services.deploy import Serving

PATH = "/api/v1/classify"
FRESH_SECONDS = 0.2
# Of the heads that are known and of the bytes of a body; what is more goes the long way.
MOST_KNOWN, MOST_BYTES = 256, 64_000
# Where the view leaves the model that answered, in the environment of its request.
SERVED = "winnow.served"
# Each request has another (`web/measured.py`).
NUMBER = "HTTP_X_REQUEST_ID"
# What belongs to one answer alone.
OWN = frozenset({"content-length", "content-encoding"})

Head = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """What the long way made of a head: the model that answered, the heads of the answer, and how long that holds."""

    model: Serving
    headers: list[tuple[str, str]]
    until: float


class QuickClassify:
    """A WSGI application around the site's own."""

    def __init__(self, site: WSGIApplication) -> None:
        self.site = site
        self._passed: dict[Head, Passed] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The answer, by the short way where that is known to be open."""
        if environ["PATH_INFO"] != PATH or not _is_plain(environ):
            return self.site(environ, start_response)
        head = _head(environ)
        passed = self._passed.get(head)
        if passed is None or passed.until < time.monotonic():
            return self._long_way(head, environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        answer = _answer(body, passed.model)
        if answer is None:
            return self.site(environ | {"wsgi.input": BytesIO(body)}, start_response)
        start_response("200 OK", [*passed.headers, ("Content-Length", str(len(answer)))])
        return [answer]

    def _long_way(self, head: Head, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The site's answer; where it is one of a model, the next of the same head need not ask again."""

        def heard(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
            model = environ.get(SERVED)
            if status.startswith("200") and isinstance(model, Serving):
                if len(self._passed) >= MOST_KNOWN:
                    self._passed.clear()
                kept = [(name, value) for name, value in headers if name.lower() not in OWN]
                self._passed[head] = Passed(model, kept, time.monotonic() + FRESH_SECONDS)
            return start_response(status, headers, exc_info)

        return self.site(environ, heard)


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


def _answer(body: bytes, model: Serving) -> bytes | None:
    """What the view would answer; None where anything is unusual, which the long way says better."""
    try:
        given = ClassifyIn.model_validate(strict_json(body))
        documents = [document(one.title, one.description) for one in given.items]
        answers = classify_documents(documents, model=model)
        return json.dumps({"items": [{"id": None, **answer.as_json()} for answer in answers]}).encode()
    except Exception:  # noqa: BLE001 - the long way answers, and says what is wrong
        return None
