"""How often a source is read: as often as it has something new."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median

SHORTEST = 15 * 60.0
LONGEST = 24 * 3600.0
# Until a source has shown a rhythm.
UNKNOWN = 3600.0
_MIN_GAPS = 3
# A source that is silent is asked more rarely the longer its silence lasts.
_SILENCE = 8.0


def interval(moments: Sequence[datetime], now: datetime) -> float:
    """Seconds between two readings: the median gap between the moments of new entries, within bounds.

    Entries of one moment are one event: a list that comes out once a day is read once a day, however long it is.
    """
    distinct = sorted(set(moments))
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(distinct)]
    if len(gaps) < _MIN_GAPS:
        return UNKNOWN
    silence = (now - distinct[-1]).total_seconds()
    return min(LONGEST, max(SHORTEST, median(gaps), silence / _SILENCE))
