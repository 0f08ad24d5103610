"""How long a source is left alone after a failure."""

import math
import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SHORTEST_WAIT = 60.0
LONGEST_WAIT = 24 * 3600.0
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,3})?", re.ASCII)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?(\d{1,9})", re.ASCII)
# More seconds than this are no wait but a moment since 1970.
_EPOCH = 1e9


def retry_after(value: str, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, between SHORTEST_WAIT and LONGEST_WAIT; None without a header.

    A header that cannot be read still asks to be left alone: it counts as the shortest wait.

    >>> retry_after("120"), retry_after("-5"), retry_after("soon"), retry_after("")
    (120.0, 60.0, 60.0, None)
    """
    if not value.strip():
        return None
    return min(LONGEST_WAIT, max(SHORTEST_WAIT, _seconds(value.strip(), now or datetime.now(UTC))))


def asked_wait(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that an answer asks for: its Retry-After, or the rest of a rate limit that is used up; None for neither.

    GitHub and X name the moment at which a limit begins anew, Reddit the seconds until then.

    >>> asked_wait({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "120"}), asked_wait({})
    (120.0, None)
    """
    if wait := retry_after(headers.get("retry-after", ""), now):
        return wait
    for prefix in ("x-ratelimit", "x-rate-limit"):
        remaining, reset = headers.get(f"{prefix}-remaining", ""), headers.get(f"{prefix}-reset", "")
        if _NUMBER.fullmatch(remaining) and float(remaining) < 1 and _NUMBER.fullmatch(reset):
            seconds = float(reset)
            if seconds > _EPOCH:
                seconds -= (now or datetime.now(UTC)).timestamp()
            return min(LONGEST_WAIT, max(SHORTEST_WAIT, seconds))
    return None


def fresh_for(headers: Mapping[str, str]) -> float:
    """Seconds for which an answer calls itself fresh (Cache-Control: max-age), at most LONGEST_WAIT; 0 without a word.

    >>> fresh_for({"cache-control": "public, max-age=3600"}), fresh_for({"cache-control": "no-cache, max-age=60"})
    (3600.0, 0.0)
    """
    control = headers.get("cache-control", "").lower()
    match = _MAX_AGE.search(control)
    if match is None or "no-cache" in control or "no-store" in control:
        return 0.0
    return min(LONGEST_WAIT, float(match[1]))


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
