"""One request at a time to one host, and a pause between them."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from winnow.core.errors import FetchError


@dataclass(slots=True)
class Turn:
    """A host's attention while a request runs; `interval` is the pause in seconds from its start to the next."""

    interval: float


class Politeness:
    """Turns at hosts, by name, for all threads of this process."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        # When each host may be asked again: infinity while a request runs, forgotten once it is past.
        self._free_at: dict[str, float] = {}
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, host: str, deadline: float) -> Iterator[Turn]:
        """Wait for the host, then hold it. Raises FetchError `timeout` as soon as the deadline cannot be met."""
        turn = Turn(self._interval)
        started = self._take(host, deadline)
        try:
            yield turn
        finally:
            with self._changed:
                self._free_at[host] = started + turn.interval
                self._changed.notify_all()

    def _take(self, host: str, deadline: float) -> float:
        with self._changed:
            while (free_at := self._free_at.get(host, 0.0)) > (now := time.monotonic()):
                is_held = math.isinf(free_at)
                if now >= deadline or (free_at > deadline and not is_held):
                    raise FetchError("timeout", "the host's turn did not come within the time allowed")
                self._changed.wait(min(free_at, deadline) - now)
            self._free_at = {name: moment for name, moment in self._free_at.items() if moment > now}
            self._free_at[host] = math.inf
        return now
