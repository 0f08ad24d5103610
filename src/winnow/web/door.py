"""The door before the site: what is too long or comes too often is refused before anything is done for it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_network
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings

from winnow.web.address import MAX_REMEMBERED, address_told

# Set by whoever could not even take the request in, and by the door itself, which counts a request once.
REFUSED, PASSED = "winnow.refused", "winnow.passed"
# Whoever has used up half of what may come at once waits before each of the rest, longer and longer, so that it does not
# all fall upon the others in one moment. A server that can lets them wait for so many seconds.
HOLD, HOLD_SECONDS, AT_EASE = "winnow.hold", 1.0, 0.5
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# The longest address of a work is 2,000 signs, and may stand in a query with up to twelve for each.
MAX_ADDRESS = 32_768
MAX_HEADERS = 32_768
# Beyond so many addresses the oldest are forgotten: who floods from many fills no memory.
MAX_KNOWN = 20_000
MINUTE = 60.0
# At once may come what a rate allows in so many seconds, but a page with its pictures at any rate.
BURST_SECONDS, HANDFUL = 5.0, 30.0
# All else is a page, which costs a hundred times what these do, or may be a search.
NO_PAGES = ("/api/", "/static/")
THIS_MACHINE = [ip_network(part) for part in ("127.0.0.0/8", "::/64")]
THIS_HOUSE = [ip_network(part) for part in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status and why, in a line."""

    status: HTTPStatus
    words: str
    retry_after: int | None = None


LONG_ADDRESS = Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, f"an address may have {MAX_ADDRESS} signs")
LONG_HEADERS = Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"headers may have {MAX_HEADERS} signs")
FLOOD = Refusal(HTTPStatus.TOO_MANY_REQUESTS, "too many requests from your address", retry_after=10)


class Door:
    """A WSGI application around another: 414, 431 and 429, in a line, before the site is asked."""

    def __init__(self, site: App) -> None:
        self.site, self.rate, self.pages = site, Rate(), Rate()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The site's answer, or the refusal."""
        if (refused := self._refused(environ)) is None:
            environ[PASSED] = True
            return self.site(environ, start_response)
        is_call = environ.get("PATH_INFO", "").startswith("/api/")
        status, words = refused.status, refused.words
        told = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": words}
        body = (json.dumps(told) if is_call else f"{words}\n").encode()
        kind = "application/problem+json" if is_call else "text/plain; charset=utf-8"
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        if refused.retry_after:
            headers.append(("Retry-After", str(refused.retry_after)))
        start_response(f"{int(status)} {status.phrase}", headers)
        return [body]

    def _refused(self, environ: dict[str, Any]) -> Refusal | None:
        if REFUSED in environ or PASSED in environ:
            return environ.get(REFUSED)
        if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > MAX_ADDRESS:
            return LONG_ADDRESS
        if sum(len(name) + len(value) for name, value in environ.items() if name.startswith("HTTP_")) > MAX_HEADERS:
            return LONG_HEADERS
        left = self._left(environ)
        if 0.0 <= left < AT_EASE:
            environ[HOLD] = HOLD_SECONDS * (1.0 - left / AT_EASE)
        return FLOOD if left < 0.0 else None

    def _left(self, environ: dict[str, Any]) -> float:
        """The share that is left of what may come at once from this address; below 0 where this is too much."""
        limits = [(self.rate, settings.REQUESTS_A_MINUTE)]
        if not environ.get("PATH_INFO", "").startswith(NO_PAGES):
            limits.append((self.pages, settings.PAGES_A_MINUTE))
        address = _address(environ)
        if stands_for_many(address, has_proxies=bool(settings.TRUSTED_PROXIES)):
            return 1.0
        return min((rate.take(address, most) for rate, most in limits if most), default=1.0)


class Rate:
    """So many a minute by each address, in this process: a bucket that fills again all the time."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def take(self, address: str, most: int) -> float:
        """The share of what may come at once that this request leaves; below 0 where it is not within the rate.

        One that is not costs nothing.
        """
        now = self.clock()
        with self._lock:
            burst = max(min(float(most), HANDFUL), most * BURST_SECONDS / MINUTE)
            left, at = self._left.pop(address, (burst, now))
            left = min(burst, left + (now - at) * most / MINUTE)
            self._left[address] = (left - 1 if left >= 1 else left, now)
            if len(self._left) > MAX_KNOWN:
                del self._left[next(iter(self._left))]
            return (left - 1) / burst if left >= 1 else -1.0


def _address(environ: dict[str, Any]) -> str:
    return address_told(environ.get("HTTP_X_FORWARDED_FOR", ""), environ.get("REMOTE_ADDR", ""))


@lru_cache(maxsize=MAX_REMEMBERED)
def stands_for_many(address: str, *, has_proxies: bool) -> bool:
    """A program beside us, or a proxy of this house that nobody told us of: one address for everybody, or none at all."""
    try:
        told = ip_network(address)
    except ValueError:
        return not has_proxies
    nearby = THIS_MACHINE if has_proxies else THIS_MACHINE + THIS_HOUSE
    return any(told.network_address in one for one in nearby)
