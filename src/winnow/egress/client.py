"""The only door to the network: one guarded, bounded, polite request."""

import copy
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

import httpcore

import winnow
from winnow.core.errors import FetchError
from winnow.egress.addresses import Allowance
from winnow.egress.backend import GuardedBackend
from winnow.egress.backoff import asked_wait
from winnow.egress.budget import Budget
from winnow.egress.decoding import read_body
from winnow.egress.politeness import Politeness
from winnow.egress.targets import Target, parse_target
from winnow.egress.validators import conditions

_MIB = 1024 * 1024
# What headers and the framing of chunks may add to a body on the wire.
_OVERHEAD = 256 * 1024
_PERMANENT = frozenset({301, 308})
_REDIRECTS = _PERMANENT | {302, 303, 307}
_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch: bytes on the wire and unpacked, seconds, counts; `interval` seconds between requests."""

    wire: int = 8 * _MIB
    unpacked: int = 16 * _MIB
    total: float = 20.0
    connect: float = 5.0
    redirects: int = 3
    headers: int = 128
    interval: float = 1.0


@dataclass(frozen=True, slots=True)
class Response:
    """A success or a "not modified" (304, without a body).

    `url` is the address that answered; `headers` have lower-case names; `moved_to` is that address
    where every redirect on the way was a permanent one, else empty.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Fetches public addresses, and those that the allowance opens. Safe to share among threads.

    Knows no proxy, no cookie, no password and nothing of the environment. `tls` replaces the trust in
    the public authorities, for networks with one of their own. `own` are the hosts, or `host:port`, of
    this site: what asked itself could go round for ever.
    """

    def __init__(
        self,
        allowance: Allowance | None = None,
        *,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
        own: Collection[str] = (),
    ) -> None:
        self._own = frozenset(own)
        self._allowance = allowance or Allowance()
        self._limits = limits or Limits()
        self._politeness = Politeness(self._limits.interval)
        self._given_tls = tls
        self._latest: float | None = None

    def within(self, seconds: float) -> "Client":
        """The same client for fetches that share so many seconds, from now on."""
        bounded = copy.copy(self)
        bounded._latest = time.monotonic() + seconds  # noqa: SLF001 -- its own kind
        return bounded

    def fetch(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        etag: str = "",
        last_modified: str = "",
        deadline: float | None = None,
        interval: float | None = None,
    ) -> Response:
        """Get an address, through at most `limits.redirects` redirects, each checked like the first.

        `headers` go to the site of `url` alone. `deadline` is a moment of `time.monotonic`, for several
        fetches that share their time. `interval` is the pause in seconds from this request to the next at
        its host, where that is known to want another one. Raises FetchError with one of the codes bad_address,
        blocked_address, dns, connect, tls, timeout, protocol, encoding, too_large, too_many_redirects,
        and status for answers of 400 and above.
        """
        budget = self._budget(deadline)
        first = target = parse_target(url)
        conditional = conditions(etag, last_modified)
        is_permanent = True
        for n_redirects in range(self._limits.redirects + 1):
            own = dict(headers or {}) if target.origin == first.origin else {}
            answer = self._ask(target, own | conditional, budget, interval=interval)
            if answer.status not in _REDIRECTS:
                moved_to = target.url if n_redirects and is_permanent else ""
                return Response(answer.status, target.url, answer.headers, answer.body, moved_to)
            is_permanent = is_permanent and answer.status in _PERMANENT
            target = target.redirected(answer.headers.get("location", "").encode("latin-1"))
        raise FetchError("too_many_redirects", f"the server redirected more than {self._limits.redirects} times")

    def post_form(self, url: str, form: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Response:
        """Send a form, which is how programs sign in; a redirect is an answer that is not followed.

        Raises FetchError like `fetch`.
        """
        form_headers = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self.post(url, urlencode(form).encode(), headers=form_headers)

    def post(self, url: str, content: bytes, *, headers: Mapping[str, str]) -> Response:
        """Send some bytes once; a redirect is an answer that is not followed. Raises FetchError like `fetch`."""
        target = parse_target(url)
        answer = self._ask(target, headers, self._budget(None), content=content)
        if answer.status in _REDIRECTS:
            raise FetchError("protocol", "the server redirects what is posted to it")
        return Response(answer.status, target.url, answer.headers, answer.body)

    def _budget(self, deadline: float | None) -> Budget:
        latest = time.monotonic() + self._limits.total
        bounds = [moment for moment in (deadline, self._latest) if moment is not None]
        return Budget(min(latest, *bounds) if bounds else latest, self._limits.wire + _OVERHEAD)

    def _ask(
        self,
        target: Target,
        headers: Mapping[str, str],
        budget: Budget,
        *,
        content: bytes | None = None,
        interval: float | None = None,
    ) -> _Answer:
        """One request on a connection of its own, in its turn at the host."""
        if {target.host, f"{target.host}:{target.port}"} & self._own:
            raise FetchError("blocked_address", "the address leads to this site itself")
        backend = GuardedBackend(self._allowance, budget, self._limits.connect)
        tls = self._tls if target.scheme == "https" else None
        with self._politeness.turn(target.host, budget.deadline) as turn:
            try:
                with httpcore.ConnectionPool(tls, network_backend=backend) as pool:
                    return self._exchange(pool, target, headers, content)
            except (httpcore.ProtocolError, httpcore.NetworkError) as error:
                raise FetchError("protocol", "the server does not speak proper HTTP") from error
            finally:
                pause = self._limits.interval if interval is None else interval
                turn.interval = pause if backend.reached_public else 0.0

    def _exchange(
        self, pool: httpcore.ConnectionPool, target: Target, headers: Mapping[str, str], content: bytes | None
    ) -> _Answer:
        method = "GET" if content is None else "POST"
        sent = _request_headers(target, headers, content)
        with pool.stream(method, target.url, headers=sent, content=content) as response:
            if len(response.headers) > self._limits.headers:
                raise FetchError("protocol", "the server sent too many headers")
            answered = _joined(response.headers)
            if response.status in _REDIRECTS or response.status == _NOT_MODIFIED:
                return _Answer(response.status, answered, b"")
            if not 200 <= response.status < 300:
                raise _refused(response.status, answered)
            body = read_body(
                response.iter_stream(),
                answered.get("content-encoding", ""),
                max_wire=self._limits.wire,
                max_unpacked=self._limits.unpacked,
            )
        return _Answer(response.status, answered, body)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or httpcore.default_ssl_context()


def _request_headers(target: Target, headers: Mapping[str, str], content: bytes | None) -> list[tuple[bytes, bytes]]:
    fixed = {
        "Host": target.authority,
        "User-Agent": f"Winnow/{winnow.__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if content is not None:
        fixed["Content-Length"] = str(len(content))
    given = {name.title(): value for name, value in headers.items()}
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (fixed | given).items()]


def _joined(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Lower-case names; what was sent several times is joined by commas, as RFC 9110 reads it."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _refused(status: int, headers: Mapping[str, str]) -> FetchError:
    return FetchError("status", f"the server answered {status}", retry_after=asked_wait(headers))
