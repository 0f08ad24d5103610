"""What a reader keeps, and how it changes."""

from datetime import UTC, datetime, timedelta

import pytest

from winnow.core.readers import KINDS, PAUSE, Reader, caught_up, following, forgotten, marked, visiting

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mark_is_set_once_becomes_the_newest_and_is_taken_back(kind):
    reader = Reader()
    for pk in (1, 2, 1):
        reader = marked(reader, kind, pk, is_on=True)
    assert getattr(reader, KINDS[kind]) == (1, 2)
    assert getattr(marked(reader, kind, 1, is_on=False), KINDS[kind]) == (2,)
    assert marked(marked(reader, kind, 9, is_on=True), kind, 9, is_on=False) == reader


def test_tags_are_followed_in_the_order_of_following():
    reader = following(following(Reader(), "mlops", is_on=True), "other", is_on=True)
    assert following(reader, "mlops", is_on=True).followed == ("other", "mlops")
    assert following(reader, "other", is_on=False).followed == ("mlops",)


def test_the_first_visit_has_nothing_behind_it():
    assert visiting(Reader(), NOW) == Reader(visited_at=NOW)


def test_within_a_visit_the_line_stays_and_after_a_pause_it_moves_to_the_end_of_the_last():
    first = visiting(Reader(), NOW)
    still = visiting(first, NOW + PAUSE - timedelta(seconds=1))
    assert still.left_at is None
    back = visiting(still, NOW + timedelta(days=1))
    assert (back.left_at, back.visited_at) == (still.visited_at, NOW + timedelta(days=1))
    assert visiting(back, NOW + timedelta(days=1, minutes=5)).left_at == still.visited_at


def test_who_says_that_all_is_seen_has_nothing_new():
    assert caught_up(Reader(visited_at=NOW - PAUSE), NOW) == Reader(visited_at=NOW, left_at=NOW)


def test_forgetting_leaves_what_was_done_on_purpose():
    reader = Reader(saved=(1,), hidden=(2,), read=(3,), followed=("mlops",))
    assert forgotten(reader) == Reader(saved=(1,), hidden=(2,), followed=("mlops",))


@pytest.mark.parametrize(
    ("reader", "is_known"),
    [
        (Reader(), False),
        (Reader(hidden=(1,), visited_at=NOW), False),
        (Reader(saved=(1,)), True),
        (Reader(read=(1,)), True),
        (Reader(voted=(1,)), True),
        (Reader(followed=("mlops",)), True),
    ],
)
def test_a_reader_is_known_by_what_they_liked(reader, is_known):
    assert reader.is_known is is_known
