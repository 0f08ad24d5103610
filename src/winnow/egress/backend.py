"""The network under the HTTP client: connects to the address that was just checked, and to no other."""

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from winnow.core.errors import FetchError
from winnow.egress.addresses import Address, Allowance, is_public
from winnow.egress.budget import Budget, timed_out
from winnow.egress.resolver import resolve


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves, checks every answer, connects to a checked address, and bounds what follows by the budget.

    `reached_public` says whether the last connection could have left the operator's own networks.
    """

    def __init__(self, allowance: Allowance, budget: Budget, connect_seconds: float) -> None:
        self._allowance = allowance
        self._budget = budget
        self._connect_seconds = connect_seconds
        self.reached_public = True

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to `host`; raises FetchError `dns`, `blocked_address`, `connect` or `timeout`.

        httpcore's own time limit, local address and options are its interface; the budget decides.
        """
        del timeout, local_address, socket_options
        until = time.monotonic() + min(self._connect_seconds, self._budget.seconds_left())
        addresses = resolve(host, port, until - time.monotonic())
        if not all(self._allowance.permits(host, address, port) for address in addresses):
            raise FetchError("blocked_address", "the address leads to a network or a port that may not be reached")
        self.reached_public = any(is_public(address) for address in addresses)
        return BoundedStream(_connect(addresses, port, until), self._budget)


class BoundedStream(httpcore.NetworkStream):
    """A stream whose reads and writes all end at the budget's deadline, however little each of them waits.

    The time limits that httpcore hands over begin anew with each call, which is what a drip of bytes lives on.
    """

    def __init__(self, sock: socket.socket, budget: Budget) -> None:
        self._sock = sock
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At least one byte, or none at the end of the stream."""
        del timeout
        with self._limited("connect", "the connection was lost"):
            data = self._sock.recv(max_bytes)
        self._budget.spend(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of the buffer. CPython counts the time limit of `sendall` over the whole."""
        del timeout
        with self._limited("connect", "the connection was lost"):
            self._sock.sendall(buffer)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection under TLS, its certificate checked for the name; raises FetchError `tls`."""
        del timeout
        with self._limited("tls", "the server could not prove that it is who it says"):
            self._sock = ssl_context.wrap_socket(self._sock, server_hostname=server_hostname)
        return self

    def close(self) -> None:
        """Close the connection at once."""
        self._sock.close()

    def get_extra_info(self, info: str) -> Any:
        """Only what httpcore asks for to tell HTTP/2 from HTTP/1.1."""
        return self._sock if info == "ssl_object" and isinstance(self._sock, ssl.SSLSocket) else None

    @contextmanager
    def _limited(self, code: str, message: str) -> Iterator[None]:
        self._sock.settimeout(self._budget.seconds_left())
        try:
            yield
        except TimeoutError:
            raise timed_out() from None
        except OSError as error:
            raise FetchError(code, message) from error


def _connect(addresses: tuple[Address, ...], port: int, until: float) -> socket.socket:
    """Try one address after the other, each with its share of the time that is left."""
    for n_left in range(len(addresses), 0, -1):
        address = addresses[-n_left]
        sock = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
        sock.settimeout(max(0.001, (until - time.monotonic()) / n_left))
        try:
            # To the address itself: `create_connection` would look it up once more.
            sock.connect((str(address), port))
        except OSError:
            sock.close()
        else:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
    if time.monotonic() >= until:
        raise timed_out()
    raise FetchError("connect", "no connection to the server could be made")
