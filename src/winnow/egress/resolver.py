"""Names to addresses, within a time limit that the system's resolver does not know."""

import queue
import socket
import threading
from ipaddress import ip_address

from winnow.core.errors import FetchError
from winnow.egress.addresses import Address


def resolve(host: str, port: int, seconds: float) -> tuple[Address, ...]:
    """Every address that `socket.getaddrinfo` names for a host, in its order; raises FetchError `dns`.

    An address is answered with itself, without a look-up.
    """
    try:
        return (ip_address(host),)
    except ValueError:
        pass
    answers: queue.SimpleQueue[tuple[Address, ...] | None] = queue.SimpleQueue()
    # A thread of its own: one that hangs can be left behind, and a pool would be waited for at exit.
    threading.Thread(target=lambda: answers.put(_look_up(host, port)), daemon=True).start()
    try:
        addresses = answers.get(timeout=seconds)
    except queue.Empty:
        raise FetchError("dns", "the name of the host could not be looked up in time") from None
    if not addresses:
        raise FetchError("dns", "the name of the host leads nowhere")
    return addresses


def _look_up(host: str, port: int) -> tuple[Address, ...] | None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return tuple(dict.fromkeys(ip_address(sockaddr[0]) for *_, sockaddr in found))
    except (OSError, ValueError):  # ValueError: a label that cannot be encoded, an answer that is no address
        return None
