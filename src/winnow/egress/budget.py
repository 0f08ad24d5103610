"""What one fetch may use up, shared by all its requests."""

import time
from dataclasses import dataclass

from winnow.core.errors import FetchError


@dataclass(slots=True)
class Budget:
    """A moment of the monotonic clock by which all must be done, and the bytes that may still come in."""

    deadline: float
    bytes_left: int

    def seconds_left(self) -> float:
        """Seconds until the deadline, more than 0; raises FetchError `timeout` once it has passed."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise timed_out()
        return left

    def spend(self, n_bytes: int) -> None:
        """Count bytes that came in; raises FetchError `too_large` once there are too many."""
        self.bytes_left -= n_bytes
        if self.bytes_left < 0:
            raise FetchError("too_large", "the server sent more than may come over the wire")


def timed_out() -> FetchError:
    """The error of everything that took too long."""
    return FetchError("timeout", "the server did not answer in full within the time allowed")
