"""Every case of the tables of faults has the tests that its line names."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TABLE = TESTS.parent / "docs" / "reference" / "faults" / "x.md"
LINES = re.findall(r"^\| (X\d+) \|.*\| ([^|]*) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)


def test_no_case_is_missing():
    assert [case for case, _ in LINES] == [f"X{n}" for n in range(1, 20)]


@pytest.mark.parametrize(("case", "files"), LINES)
def test_the_files_of_a_case_bear_its_number(case, files):
    names = re.findall(r"`([^`]+)`", files)
    assert names
    for name in names:
        assert re.search(rf"_{case}_", (TESTS / name).read_text(encoding="utf-8"), re.IGNORECASE), name
