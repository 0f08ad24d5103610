"""A small site for `test_rsgi.py`, served by a process of its own."""

import json
import threading

import django

django.setup()

from winnow.api.quick import IN_LOOP, NeedsThread  # noqa: E402 - needs the settings
from winnow.rsgi import Rsgi  # noqa: E402 - the same
from winnow.web.door import HOLD, HOLD_SECONDS, Door  # noqa: E402 - the same

closed = []


class Endless:
    """Pieces without a known end."""

    def __init__(self, n):
        self.n = n

    def __iter__(self):
        yield from (b"x" * 10_000 for _ in range(self.n))
        if self.n == 3:
            raise MemoryError

    def close(self):
        closed.append(self.n)


def echo(environ, start_response):
    """What a request said, and which thread was asked."""
    path = environ["PATH_INFO"]
    if path == "/held":
        environ[HOLD] = HOLD_SECONDS
    if IN_LOOP in environ and path != "/often" and environ["wsgi.input"].read() != b"short":
        raise NeedsThread
    if path == "/often":
        start_response("429 Too Many Requests", [("Content-Length", "0")])
        return []
    if path == "/fault":
        raise MemoryError
    if path == "/endless":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Endless(int(environ["QUERY_STRING"]))
    told = {name: value for name, value in environ.items() if isinstance(value, str)}
    told |= {"body": environ["wsgi.input"].read().decode(), "thread": threading.current_thread().name, "closed": closed}
    body = json.dumps(told).encode()
    start_response("200 OK", [("Content-Length", str(len(body))), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [body[:10], body[10:]]


site = Rsgi(Door(echo), body_seconds=2.0, most_held=3_000_000)
