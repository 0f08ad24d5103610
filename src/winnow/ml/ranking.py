"""What is hot: the additive log-time form, one number that never has to be computed again."""

import math

# 22 hours: ten times the points make up for 22 hours of age (Lobsters' constant).
SECONDS_PER_DECADE = 79_200


def hotness(score: float, timestamp: float) -> float:
    """`sign(score) * log10(max(|score|, 1)) + timestamp / 79200`, with `timestamp` in seconds of the epoch.

    >>> hotness(10, 0) == hotness(1, SECONDS_PER_DECADE)
    True
    """
    sign = (score > 0) - (score < 0)
    return sign * math.log10(max(abs(score), 1)) + timestamp / SECONDS_PER_DECADE
