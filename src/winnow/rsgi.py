"""What `winnow serve` serves: the site of `wsgi.py`, as an application of RSGI.

A thread is given to a request when the whole of its body is here, and until its answer is made: never to a client that is
slow to send or to read. What is known to wait for nothing is answered without a thread at all.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from django.conf import settings
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]  # as it has it

from winnow.api.quick import IN_LOOP, NeedsThread
from winnow.web.door import HOLD, HOLD_SECONDS, REFUSED, Refusal

THREADS = 4
# Answers without a known end (exports) have threads of their own, since their readers may be slow.
STREAMS = 16
# So long a body may take to come, and a reader to take one piece of such an answer.
BODY_SECONDS, PIECE_SECONDS = 20.0, 60.0
# Of all bodies that come or wait together: who sends many large ones at once fills no memory.
MOST_HELD = 100_000_000
LATE = Refusal(HTTPStatus.REQUEST_TIMEOUT, "the body did not come in time")
BROKEN = Refusal(HTTPStatus.BAD_REQUEST, "the body broke off")
BUSY = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too much is being sent at the moment; try again", retry_after=10)
NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site said; `parts` where it has no known end and is not read yet."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    parts: Iterable[bytes] | None = None


class Rsgi:
    """An application of RSGI around one of WSGI."""

    def __init__(
        self, site: WSGIApplication, *, body_seconds: float = BODY_SECONDS, most_held: int = MOST_HELD
    ) -> None:
        self.site, self.body_seconds, self.most_held = site, body_seconds, most_held
        self._threads = ThreadPoolExecutor(THREADS, "request")
        self._streams = ThreadPoolExecutor(STREAMS, "stream")
        self._held = 0

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        length = _length(environ)
        if self._held + length > self.most_held:
            environ[REFUSED], length = BUSY, 0
        self._held += length
        try:
            environ["wsgi.input"] = BytesIO(await self._body(environ, protocol) if length else b"")
            answer = await self._answer(environ)
        except Exception:
            # The site answers for its own faults; this is one around it.
            log.exception("a request failed")
            answer = Answer(HTTPStatus.INTERNAL_SERVER_ERROR, [])
        finally:
            self._held -= length
        if IN_LOOP in environ and answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            # They would ask again as soon as they are told.
            await asyncio.sleep(HOLD_SECONDS)
        if answer.parts is None:
            protocol.response_bytes(answer.status, answer.headers, answer.body)
        else:
            await self._send(answer, answer.parts, protocol)

    async def _body(self, environ: WSGIEnvironment, protocol: HTTPProtocol) -> bytes:
        try:
            async with asyncio.timeout(self.body_seconds):
                return await protocol()
        except (TimeoutError, ProtocolClosed) as fault:
            environ[REFUSED] = LATE if isinstance(fault, TimeoutError) else BROKEN
            return b""

    async def _answer(self, environ: WSGIEnvironment) -> Answer:
        """In the loop where nothing has to be waited for, as for a refusal at the door, else in a thread."""
        environ[IN_LOOP] = True
        try:
            return answer_of(self.site, environ)
        except NeedsThread:
            del environ[IN_LOOP]
            environ["wsgi.input"].seek(0)
        await asyncio.sleep(environ.get(HOLD, 0.0))
        return await asyncio.get_running_loop().run_in_executor(self._threads, answer_of, self.site, environ)

    async def _send(self, answer: Answer, parts: Iterable[bytes], protocol: HTTPProtocol) -> None:
        transport, loop = protocol.response_stream(answer.status, answer.headers), asyncio.get_running_loop()

        async def sent(part: bytes) -> None:
            async with asyncio.timeout(PIECE_SECONDS):
                await transport.send_bytes(part)

        def send(part: bytes) -> None:
            asyncio.run_coroutine_threadsafe(sent(part), loop).result()

        try:
            await loop.run_in_executor(self._streams, _each, parts, send)
        except (ProtocolClosed, TimeoutError):
            log.info("a reader left before the end, or took nothing for %s s", PIECE_SECONDS)
        except Exception:
            log.exception("an answer broke off")


def _length(environ: WSGIEnvironment) -> int:
    """How much there is to read: nothing of what is too long or does not say how long it is, which the site refuses."""
    told = environ.get("CONTENT_LENGTH", "")
    length = int(told) if told.isdecimal() else 0
    return length if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE else 0


def environ_of(scope: Scope) -> WSGIEnvironment:
    """What PEP 3333 says of a request, without its body."""
    server, _, port = scope.server.rpartition(":")
    client, _, client_port = scope.client.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    # In HTTP/2 it stands in the place of the header.
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        # It would pass for the one with a hyphen, and so for what a proxy says.
        if "_" in name:
            continue
        key = NAMES.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        before = f"{environ[key]}{'; ' if name == 'cookie' else ','}" if key in environ and name != "host" else ""
        environ[key] = before + value
    return environ


def answer_of(site: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Ask the site; what has a known length is read and closed here."""
    told: list[Any] = []
    read: list[bytes] = []

    def begin(status: str, headers: list[tuple[str, str]], _fault: Any = None, /) -> Callable[[bytes], object]:
        told[:] = int(status[:3]), headers
        return read.append

    parts = site(environ, begin)
    status, headers = told
    if not any(name.lower() == "content-length" for name, _ in headers):
        return Answer(status, headers, parts=parts)
    _each(parts, read.append)
    return Answer(status, headers, b"".join(read))


def _each(parts: Iterable[bytes], take: Callable[[bytes], object]) -> None:
    try:
        for part in parts:
            take(part)
    finally:
        if close := getattr(parts, "close", None):
            close()
