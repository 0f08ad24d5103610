from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.errors import InputError
from winnow.core.values import Document
from winnow.ml.behaviour_cases import Case, Kind, load_cases, mistyped

FOLDER = Path(__file__).parents[2] / "data" / "behaviour"
FRAMES = """
frames = ["{}", "About {}"]
reworded = ["Notes on {}", "Concerning {}"]
neutral = ["A project"]
trailing = [" (2023)"]
addresses = [" https://example.org/{n}"]
"""
TAG = """
subjects = ["tea leaves"]
decisive = ["on tea"]
[[plain]]
title = "Green tea"
description = "Leaves, dried."
[[same]]
title = "Black tea"
other = "Tea that is black"
[[raises]]
title = "A list"
phrase = "of teas"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tags").mkdir()
    (tmp_path / "frames.toml").write_text(FRAMES)
    (tmp_path / "tags" / "tea.toml").write_text(TAG)
    return tmp_path


def test_a_tag_file_becomes_its_cases(folder):
    first, second = Document("Tea leaves"), Document("About tea leaves")
    assert load_cases(folder, ["tea"]) == (
        Case(Kind.MINIMUM, "tea", first),
        Case(Kind.SYNONYM, "tea", first, Document("Notes on tea leaves")),
        Case(Kind.TYPO, "tea", first, Document("Tea levaes")),
        Case(Kind.CASE, "tea", first, Document("tea leaves")),
        Case(Kind.ADDRESS, "tea", first, Document("Tea leaves https://example.org/0")),
        Case(Kind.TRAILING, "tea", first, Document("Tea leaves (2023)")),
        Case(Kind.MINIMUM, "tea", second),
        Case(Kind.SYNONYM, "tea", second, Document("Concerning tea leaves")),
        Case(Kind.TYPO, "tea", second, Document("About tea levaes")),
        Case(Kind.CASE, "tea", second, Document("ABOUT TEA LEAVES")),
        Case(Kind.ADDRESS, "tea", second, Document("About tea leaves https://example.org/1")),
        Case(Kind.TRAILING, "tea", second, Document("About tea leaves (2023)")),
        Case(Kind.DIRECTION, "tea", Document("A project"), Document("A project on tea")),
        Case(Kind.MINIMUM, "tea", Document("Green tea", "Leaves, dried."), is_written=True),
        Case(Kind.SYNONYM, "tea", Document("Black tea"), Document("Tea that is black"), is_written=True),
        Case(Kind.DIRECTION, "tea", Document("A list"), Document("A list of teas"), is_written=True),
    )


def test_a_tag_without_a_file_has_no_cases(folder):
    assert load_cases(folder, ["coffee"]) == ()
    assert load_cases(folder, ["coffee", "tea"]) == load_cases(folder, ["tea"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('subjects = ["a"]', "tea.toml: decisive: has to be a list of texts"),
        ('subjects = []\ndecisive = ["b"]', "tea.toml: subjects: has to be a list of texts"),
        ('subjects = [1]\ndecisive = ["b"]', "tea.toml: subjects: has to be a list of texts"),
        ('subjects = ["a"]\ndecisive = ["b"]\n[[same]]\ntitle = "x"', "tea.toml: same 1: other is missing or no text"),
        ("subjects =", "tea.toml: is no TOML"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_its_field(folder, text, words):
    (folder / "tags" / "tea.toml").write_text(text)
    with pytest.raises(InputError, match=words):
        load_cases(folder, ["tea"])


def test_a_folder_without_frames_is_named(tmp_path):
    with pytest.raises(InputError, match=r"frames.toml: cannot be read"):
        load_cases(tmp_path, ["tea"])


@given(st.text(alphabet="abcdefghij ", max_size=40))
def test_a_mistyped_title_keeps_its_letters(title):
    assert Counter(mistyped(title)) == Counter(title)
    assert (mistyped(title) == title) or max(map(len, title.split())) >= 6


def test_short_words_are_left_alone():
    assert mistyped("Tea is good") == "Tea is good"
    assert mistyped("") == ""


def test_every_approved_tag_has_hundreds_of_cases_in_all_kinds(slugs):
    cases = load_cases(FOLDER, slugs)
    counts = Counter((case.tag, case.kind) for case in cases)
    assert set(counts) == {(tag, kind) for tag in slugs for kind in Kind}
    assert min(counts.values()) >= 20
    assert min(sum(n for (tag, _), n in counts.items() if tag == slug) for slug in slugs) >= 200
    assert sum(case.is_written for case in cases) >= 60


def test_no_case_stands_twice_and_every_change_changes_something(slugs):
    cases = load_cases(FOLDER, slugs)
    assert len(set(cases)) == len(cases)
    assert all(case.changed != case.document for case in cases)
