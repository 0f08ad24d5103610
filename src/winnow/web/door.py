"""The door before the site: what is too long or comes too often is refused before anything is done for it."""

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from ipaddress import ip_address
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings

from winnow.web.address import address_told

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# The longest address of a work is 2,000 signs, and may stand in a query with up to twelve for each.
MAX_ADDRESS = 32_768
MAX_HEADERS = 32_768
# Beyond so many addresses the oldest are forgotten: who floods from many fills no memory.
MAX_KNOWN = 20_000
MINUTE = 60.0


class Door:
    """A WSGI application around another: 414, 431 and 429, in a line, before the site is asked."""

    def __init__(self, site: App) -> None:
        self.site, self.rate = site, Rate()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The site's answer, or the refusal."""
        if (refused := self._refused(environ)) is None:
            return self.site(environ, start_response)
        status, words, headers = refused
        is_call = environ.get("PATH_INFO", "").startswith("/api/")
        told = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": words}
        body = (json.dumps(told) if is_call else f"{words}\n").encode()
        kind = "application/problem+json" if is_call else "text/plain; charset=utf-8"
        start_response(
            f"{int(status)} {status.phrase}",
            [("Content-Type", kind), ("Content-Length", str(len(body))), *headers],
        )
        return [body]

    def _refused(self, environ: dict[str, Any]) -> tuple[HTTPStatus, str, list[tuple[str, str]]] | None:
        if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > MAX_ADDRESS:
            return HTTPStatus.REQUEST_URI_TOO_LONG, f"an address may have {MAX_ADDRESS} signs", []
        size = sum(len(name) + len(value) for name, value in environ.items() if name.startswith("HTTP_"))
        if size > MAX_HEADERS:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"headers may have {MAX_HEADERS} signs", []
        most = settings.REQUESTS_A_MINUTE
        address = _address(environ) if most else ""
        if most and not _is_here(address) and not self.rate.take(address, most):
            return HTTPStatus.TOO_MANY_REQUESTS, "too many requests from your address", [("Retry-After", "10")]
        return None


class Rate:
    """So many a minute by each address, in this process: a bucket that fills again all the time."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def take(self, address: str, most: int) -> bool:
        """Whether this request is within the rate; one that is not costs nothing."""
        now = self.clock()
        with self._lock:
            left, at = self._left.pop(address, (float(most), now))
            left = min(float(most), left + (now - at) * most / MINUTE)
            self._left[address] = (left - 1 if left >= 1 else left, now)
            if len(self._left) > MAX_KNOWN:
                del self._left[next(iter(self._left))]
            return left >= 1


def _address(environ: dict[str, Any]) -> str:
    return address_told(environ.get("HTTP_X_FORWARDED_FOR", ""), environ.get("REMOTE_ADDR", ""))


def _is_here(address: str) -> bool:
    """A proxy that nobody told us of, or a program beside us: one address for everybody."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
