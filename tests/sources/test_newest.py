from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from winnow.sources.newest import MAX_ENTRIES, newest

START = datetime(2020, 1, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def test_few_entries_are_all_kept_in_their_order():
    assert newest([3, 1, 2], day) == ([3, 1, 2], 0)
    assert newest([], day) == ([], 0)


def test_of_many_the_newest_are_kept_in_their_order():
    numbers = [*range(0, 700, 2), *range(1, 700, 2)]
    assert newest(numbers, day) == ([number for number in numbers if number >= 200], 200)


def test_of_undated_ones_the_first_are_kept():
    numbers = list(range(600))
    assert newest(numbers, lambda _: None) == (numbers[:500], 100)


def test_dated_ones_are_kept_before_undated_ones():
    numbers = list(range(600))
    kept, _ = newest(numbers, lambda number: day(number) if number >= 300 else None)
    assert kept == [*range(200), *range(300, 600)]


@given(st.lists(st.none() | st.integers(0, 30), max_size=650))
def test_kept_and_left_out_are_all_and_nothing_older_is_kept(days):
    entries = list(enumerate(days))
    kept, n_left_out = newest(entries, lambda entry: None if entry[1] is None else day(entry[1]))
    assert len(kept) + n_left_out == len(entries)
    assert len(kept) == min(len(entries), MAX_ENTRIES)
    assert kept == sorted(kept, key=lambda entry: entry[0])
    lost = [entry for entry in entries if entry not in kept]
    assert max((-1 if entry[1] is None else entry[1] for entry in lost), default=-1) <= min(
        (-1 if entry[1] is None else entry[1] for entry in kept), default=99
    )
