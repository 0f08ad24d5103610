"""What a title says beside its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.ml.titles import compact, core_title, head, numbers, plain_words, purpose


@pytest.mark.parametrize(
    ("title", "core"),
    [
        ("Moss (2016)", "Moss"),
        ("Moss [pdf]", "Moss"),
        ("Show HN: Moss (2016) [video]", "Moss"),
        ("[P] Moss for all [R]", "Moss for all"),
        ("Moss 2.0", "Moss 2.0"),
        ("(2016)", "(2016)"),
    ],
)
def test_marks_of_others_are_no_part_of_a_title(title, core):
    assert core_title(title) == core


@given(st.text(max_size=30))
def test_the_core_of_a_core_is_itself(title):
    assert core_title(core_title(title)) == core_title(title)


@pytest.mark.parametrize(
    ("a", "b", "differ"),
    [
        ("Moss 2.0", "Moss 2.1", True),
        ("Moss", "Moss 2", True),
        ("Moss (2016)", "Moss", False),
        ("Moss (2016)", "Moss (2017)", True),
        ("Moss, part ii", "Moss, part iii", True),
        ("News of May", "News of June", True),
        ("Moss", "Moss", False),
    ],
)
def test_numbers_tell_parts_apart(a, b, differ):
    assert numbers(a, b) == numbers(b, a) == differ


def test_a_purpose_is_said_by_the_title():
    assert purpose("A Survey of mosses: review") == {"survey", "review"}
    assert purpose("Mosses") == frozenset()


def test_names_are_equal_however_they_are_written():
    assert compact("Colossal-AI") == compact("colossalai") == "colossalai"
    assert compact("???") == ""


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Moss: parsers", "moss"), ("Moss - parsers", "moss"), ("Moss (Fern)", "moss"), ("Moss parsers", ""), ("", "")],
)
def test_a_title_may_begin_with_a_name(title, expected):
    assert head(title) == expected


def test_plain_words_are_singular_and_stand_alone():
    assert plain_words("State-of-the-art classes' loss") == ["state", "of", "the", "art", "classe", "loss"]
