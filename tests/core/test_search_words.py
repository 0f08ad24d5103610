"""The words of a text as the index holds them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.search_words import GAP, MAX_TIMES, MAX_WORD, dated, dated_between, indexed, mark, places_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Naïve state-of-the-art: GPT-4", ["naive", "state", "of", "the", "art", "gpt", "4"]),
        ("ＦＵＬＬ　width", ["full", "width"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("深層学習 model", ["深", "層", "学", "習", "model"]),
        ("ﬁne", ["fine"]),
        ("snake_case", ["snake", "case"]),
        ("<b>bold</b>", ["b", "bold", "b"]),
        ("", []),
        ("…", []),
        ("x" * 100, ["x" * MAX_WORD]),
    ],
)
def test_words_are_folded(text, words):
    assert words_of(text) == words


@given(st.text(max_size=60))
def test_places_lie_in_the_text_and_words_stay_what_they_are(text):
    ends = [0]
    for place in places_of(text):
        assert ends[-1] <= place.start < place.end <= len(text)
        ends.append(place.end)
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@given(st.text(max_size=60))
def test_no_word_is_a_mark_or_a_gap(text):
    assert all("_" not in word for word in words_of(text))
    assert "_" in mark("site", text)
    assert " " not in mark("site", text)


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 5000), st.integers(-400, 6000))
def test_the_marks_of_a_span_hold_its_days_and_no_others(first, length, away):
    end = first + timedelta(days=length)
    day = first + timedelta(days=away)
    assert bool(set(dated(day)) & set(dated_between(first, end))) is (first <= day < end)
    assert len(dated_between(first, end)) < 100


def test_no_phrase_reaches_from_the_title_into_the_description():
    assert indexed("graph", "net", ["in_published"]) == ["graph", GAP, "net", GAP, "in_published"]


def test_a_text_ends_where_one_word_has_been_said_too_often():
    assert len(indexed("", "spam " * 1000, [])) == 1 + MAX_TIMES + 1
