"""Counts that are remembered where they take long."""

from itertools import count

import pytest

from winnow.queries import counts
from winnow.queries.counts import counted


@pytest.fixture
def number():
    """A count that is another each time."""
    numbers = count()
    return lambda: next(numbers)


def test_what_is_quick_is_counted_each_time(number):
    assert [counted("quick", number) for _ in range(3)] == [0, 1, 2]


def test_what_takes_long_is_remembered_for_a_while(number, monkeypatch):
    monkeypatch.setattr(counts, "SLOW_SECONDS", -1.0)
    monkeypatch.setattr(counts, "_kept", {})
    assert [counted("slow", number) for _ in range(3)] == [0, 0, 0]
    assert counted("another", number) == 1
    monkeypatch.setattr(counts, "_kept", {"slow": (0.0, 0)})
    assert counted("slow", number) == 2
