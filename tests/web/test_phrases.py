"""Times, numbers and probabilities in words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.web.phrases import (
    ago,
    change,
    counted,
    day,
    figure,
    in_words,
    language_in_words,
    lasting,
    one_in,
    percent,
    reason_in_words,
    share,
    stop,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=29, hours=23), "29 days ago"),
        (timedelta(days=30), "26 October"),
        (timedelta(days=365), "25 November 2025"),
    ],
)
def test_times_are_told_by_their_distance(before, expected):
    assert ago(NOW - before, NOW) == expected


def test_a_day_names_its_year_only_where_it_is_another():
    assert [day(NOW, NOW), day(NOW, NOW.replace(year=2027))] == ["25 November", "25 November 2026"]


@pytest.mark.parametrize(("n", "expected"), [(0, "0 works"), (1, "1 work"), (2, "2 works"), (12345, "12,345 works")])
def test_numbers_agree_with_their_noun(n, expected):
    assert counted(n, "work") == expected


@pytest.mark.parametrize(
    ("probability", "word", "figures"),
    [
        (0.0, "a guess", ".00"),
        (0.5, "unsure", ".50"),
        (0.75, "fairly sure", ".75"),
        (0.9, "sure", ".90"),
        (0.97, "very sure", ".97"),
        (0.99, "very sure", ".99"),
        (0.9951, "very sure", "over .99"),
        (1.0, "very sure", "over .99"),
    ],
)
def test_a_probability_has_a_word_and_a_figure(probability, word, figures):
    assert (in_words(probability), figure(probability)) == (word, figures)


@given(st.floats(0, 1))
def test_no_probability_is_shown_as_certainty(probability):
    assert "1.00" not in figure(probability)


@pytest.mark.parametrize(("value", "expected"), [(0.123, "+.12"), (-0.04, "−.04"), (0.0, "+.00"), (1.0, "+1.00")])
def test_a_change_shows_its_sign(value, expected):
    assert change(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0.9823, ".982"), (0.0, ".000"), (1.0, "1.000"), (0.9996, "1.000"), (-0.02, "-0.020")]
)
def test_a_share_of_a_table_has_three_places(value, expected):
    assert share(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(0.1, "10"), (0.05, "20"), (0.0005, "2,000")])
def test_a_small_probability_is_one_chance_in_so_many(value, expected):
    assert one_in(value) == expected


@pytest.mark.parametrize(
    ("seconds", "said"), [(5, "less than a minute"), (900, "15 minutes"), (3600, "1 hour"), (200_000, "2 days")]
)
def test_how_long_something_takes(seconds, said):
    assert lasting(seconds) == said


def test_reasons_and_shares_in_words():
    assert reason_in_words("off_topic") == "Not machine learning"
    assert reason_in_words("new one") == "new one"
    assert [percent(value) for value in (0, 0.0234, 1)] == ["0.0 %", "2.3 %", "100.0 %"]


@pytest.mark.parametrize(
    ("text", "end"), [("One", "."), ("One.", ""), ("Why?", ""), ("Cut off …", ""), ("One. ", ""), ("", ".")]
)
def test_a_sentence_ends_once(text, end):
    assert stop(text) == end


@pytest.mark.parametrize(("code", "said"), [("en", "English"), ("cyrillic", "Cyrillic"), ("unknown", "not to be told")])
def test_languages_in_words(code, said):
    assert language_in_words(code) == said
