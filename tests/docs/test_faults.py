"""Every known attack has a test that bears its letter and number, or a line that says why it cannot occur."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAULTS = ROOT / "docs" / "reference" / "faults"
LAST = {"a": 19, "d": 9, "f": 28, "j": 9, "l": 13, "o": 6, "x": 19}


@pytest.fixture(scope="module")
def tested():
    names = [
        name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    ]
    single = re.compile(r"(?<=_)([a-z])(\d{1,2})(?=_)")
    found = {f"{letter.upper()}{int(n)}" for name in names for letter, n in single.findall(name)}
    for name in names:
        for letter, first, last in re.findall(r"_([a-z])(\d+)_to_\1(\d+)_", name):
            found |= {f"{letter.upper()}{n}" for n in range(int(first), int(last) + 1)}
    return found


@pytest.mark.parametrize("letter", LAST)
def test_every_case_is_listed(letter):
    listed = re.findall(r"^\| ([A-Z]\d+) \|", (FAULTS / f"{letter}.md").read_text(), re.MULTILINE)
    assert listed == [f"{letter.upper()}{n}" for n in range(1, LAST[letter] + 1)]


@pytest.mark.parametrize("letter", LAST)
def test_every_case_is_tried_or_cannot_occur(letter, tested):
    rows = re.findall(r"^\| ([A-Z]\d+) \|(.*)$", (FAULTS / f"{letter}.md").read_text(), re.MULTILINE)
    assert [case for case, words in rows if case not in tested and "cannot occur" not in words] == []
    assert [case for case, words in rows if case in tested and "cannot occur" in words] == []


def test_the_files_that_a_case_names_bear_its_number():
    rows = re.findall(r"^\| (X\d+) \|.*\| ([^|]*) \|$", (FAULTS / "x.md").read_text(), re.MULTILINE)
    assert len(rows) == LAST["x"]
    for case, files in rows:
        for name in re.findall(r"`([^`]+)`", files):
            assert re.search(rf"_{case}_", (ROOT / "tests" / name).read_text(), re.IGNORECASE), (case, name)
