"""How long a source is left alone after a failure."""

import math
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SHORTEST_WAIT = 60.0
LONGEST_WAIT = 24 * 3600.0


def retry_after(value: str, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, between SHORTEST_WAIT and LONGEST_WAIT; None without a header.

    A header that cannot be read still asks to be left alone: it counts as the shortest wait.

    >>> retry_after("120"), retry_after("-5"), retry_after("soon"), retry_after("")
    (120.0, 60.0, 60.0, None)
    """
    if not value.strip():
        return None
    return min(LONGEST_WAIT, max(SHORTEST_WAIT, _seconds(value.strip(), now or datetime.now(UTC))))


def next_wait(n_failures: int, retry_after: float | None, rng: random.Random) -> float:
    """Seconds until the next try: doubled with each failure in a row, spread over the upper half, at most a day.

    Never less than the source asked for.
    """
    doubled = min(LONGEST_WAIT, math.ldexp(SHORTEST_WAIT, min(n_failures, 32) - 1))
    return min(LONGEST_WAIT, max(doubled * rng.uniform(0.5, 1.0), retry_after or 0.0))


def _seconds(value: str, now: datetime) -> float:
    if value.lstrip("+-").isdecimal():
        return math.copysign(LONGEST_WAIT, -1) if value.startswith("-") else float(value[:20])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return SHORTEST_WAIT
    # A date without a zone is read as UTC, which HTTP demands.
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
