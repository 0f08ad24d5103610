"""Counts over all rows: exact while counting is quick, and remembered for a while once there is so much that it is not."""

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

SLOW_SECONDS = 0.03
KEPT_SECONDS = 60.0

Counted = TypeVar("Counted")
_kept: dict[str, tuple[float, object]] = {}


def counted(name: str, count: Callable[[], Counted]) -> Counted:
    """What `count` gives, or, where it took longer than SLOW_SECONDS, what it gave at most KEPT_SECONDS ago."""
    ends_at, value = _kept.get(name, (0.0, None))
    started = monotonic()
    if started < ends_at:
        return value  # type: ignore[return-value]  # what the same name was given for
    fresh = count()
    if monotonic() - started > SLOW_SECONDS:
        _kept[name] = (monotonic() + KEPT_SECONDS, fresh)
    return fresh
