"""Around the whole site: each request has a number, is counted and timed, and leaves one line in the log."""

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

from winnow.services.traffic import observe

HEADER = "HTTP_X_REQUEST_ID"
# What a proxy may hand in; anything else could forge lines of a log.
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
_AREA = re.compile(r"/([a-z-]*)")
AREAS = frozenset(
    (
        *("account", "api", "canvas", "datasets", "digest", "embed", "experiments", "for-you", "i"),
        *("log", "mail", "models", "my", "popular", "privacy", "promises", "recent"),
        *("reader", "releases", "reset", "review", "saved", "search", "second-factor", "sign-in"),
        *("sign-out", "sources", "static", "status", "submit", "t", "tags", "value"),
        *("webhooks", "withheld", "yours"),
    )
)
request_id: ContextVar[str] = ContextVar("request_id", default="")
log = logging.getLogger("winnow.requests")

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Measured:
    """A WSGI application around another."""

    def __init__(self, site: App) -> None:
        self.site = site

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The answer of the site, with its number in `X-Request-ID`."""
        given = environ.get(HEADER, "")
        number = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        environ[HEADER] = number
        token, started = request_id.set(number), time.perf_counter()

        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            self._done(environ, int(status[:3]), time.perf_counter() - started)
            return start_response(status, [*headers, ("X-Request-ID", number)], *rest)

        try:
            return self.site(environ, begin)
        finally:
            request_id.reset(token)

    def _done(self, environ: dict[str, Any], status: int, seconds: float) -> None:
        area, method = area_of(environ.get("PATH_INFO", "")), environ.get("REQUEST_METHOD", "")
        observe(area=area, method=method, status=status, seconds=seconds)
        # The area and never the path: paths of sign-in links and private feeds are secrets.
        told = {"area": area, "method": method, "status": status, "milliseconds": round(seconds * 1000, 1)}
        log.info("%s %s %d", method, area, status, extra={"told": told})


def area_of(path: str) -> str:
    """The first part of a path where the site has such a one, else `other`; the front page is `front`."""
    found = _AREA.match(path)
    if path in ("", "/"):
        return "front"
    return found[1] if found and found[1] in AREAS else "other"
