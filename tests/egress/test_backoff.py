import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.egress.backoff import LONGEST_WAIT, SHORTEST_WAIT, asked_wait, fresh_for, next_wait, retry_after

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 120 ", 120.0),
        ("Wed, 25 Nov 2026 12:10:00 GMT", 600.0),
        ("Wed, 25 Nov 2026 12:10:00", 600.0),
        ("", None),
        ("  ", None),
    ],
)
def test_retry_after_reads_seconds_and_dates(value, seconds):
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1000000000", LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        ("Fri, 01 Jan 2999 00:00:00 GMT", LONGEST_WAIT),
        ("0", SHORTEST_WAIT),
        ("-1000000000", SHORTEST_WAIT),
        ("Thu, 01 Jan 1970 00:00:00 GMT", SHORTEST_WAIT),
        ("soon", SHORTEST_WAIT),
        ("1e9", SHORTEST_WAIT),
        ("nan", SHORTEST_WAIT),
        ("Wed, 99 Nov 2026 12:10:00 GMT", SHORTEST_WAIT),
    ],
)
def test_f22_retry_after_is_clamped(value, seconds):
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=40))
def test_f22_retry_after_of_garbage_is_none_or_within_bounds(value):
    seconds = retry_after(value, NOW)
    assert seconds is None or SHORTEST_WAIT <= seconds <= LONGEST_WAIT


def test_next_wait_doubles_up_to_a_day():
    longest = [max(next_wait(n, None, random.Random(seed)) for seed in range(200)) for n in (1, 2, 3, 12, 5000)]
    assert [round(wait / 60) for wait in longest[:3]] == [1, 2, 4]
    assert longest[3] <= longest[4] <= LONGEST_WAIT


@given(st.integers(1, 10_000), st.none() | st.floats(SHORTEST_WAIT, LONGEST_WAIT), st.integers())
def test_next_wait_is_never_less_than_asked_nor_more_than_a_day(n_failures, asked, seed):
    wait = next_wait(n_failures, asked, random.Random(seed))
    assert max(SHORTEST_WAIT / 2, asked or 0) <= wait <= LONGEST_WAIT


def test_next_wait_spreads_sources_that_failed_together():
    assert len({next_wait(5, None, random.Random(seed)) for seed in range(100)}) == 100


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "90"}, 90.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "600"}, 600.0),
        ({"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "7"}, SHORTEST_WAIT),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1764158400"}, 3600.0),
        ({"x-ratelimit-remaining": "3", "x-ratelimit-reset": "600"}, None),
        ({"x-ratelimit-remaining": "0"}, None),
        ({"x-ratelimit-remaining": "-1", "x-ratelimit-reset": "1e9"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "999999999999"}, LONGEST_WAIT),
    ],
)
def test_f22_limits_that_are_used_up_ask_for_a_wait(headers, seconds):
    assert asked_wait(headers, datetime(2025, 11, 26, 11, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ("", 0.0),
        ("max-age=60", 60.0),
        ("Public, MAX-AGE=3600", 3600.0),
        ("s-maxage=9, max-age=5", 5.0),
        ("s-maxage=9", 0.0),
        ("max-age=60, no-store", 0.0),
        ("max-age=999999999", LONGEST_WAIT),
        ("max-age=x", 0.0),
    ],
)
def test_freshness_is_read_and_bounded(control, seconds):
    assert fresh_for({"cache-control": control}) == seconds
