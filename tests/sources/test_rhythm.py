"""How often a source is read."""

from datetime import UTC, datetime, timedelta

import pytest

from winnow.sources.rhythm import LONGEST, SHORTEST, UNKNOWN, interval

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def every(hours, n=10, until=NOW):
    return [until - timedelta(hours=hours * step) for step in range(n)]


@pytest.mark.parametrize(
    ("moments", "seconds"),
    [
        ([], UNKNOWN),
        (every(1, n=3), UNKNOWN),
        (every(2), 2 * 3600),
        (every(0.01), SHORTEST),
        (every(24 * 30), LONGEST),
        (every(6) * 5, 6 * 3600),
    ],
)
def test_the_rhythm_is_that_of_new_entries_within_bounds(moments, seconds):
    assert interval(moments, NOW) == pytest.approx(seconds)


def test_a_source_that_fell_silent_is_asked_more_rarely():
    quiet = [interval(every(1, until=NOW - timedelta(hours=hours)), NOW) for hours in (1, 16, 80, 10_000)]
    assert quiet == [3600, 7200, 36_000, LONGEST]


def test_one_late_entry_does_not_change_the_rhythm():
    assert interval([*every(2), NOW - timedelta(days=30)], NOW) == 2 * 3600
