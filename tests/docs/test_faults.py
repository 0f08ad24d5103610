"""Every fault of the table is tested under its number."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([FX]\d+) \| (.*) \|$", re.MULTILINE)
RANGE = range(1, 13)


def test_every_case_has_a_test_that_bears_its_number():
    rows = dict(ROW.findall((ROOT / "docs" / "reference" / "faults.md").read_text()))
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    proved = {name.upper() for name in re.findall(r"def test_([fx]\d+)_", tests)}
    if "test_f1_to_f12_" in tests:
        proved |= {f"F{number}" for number in RANGE}
    assert set(rows) == {f"F{n}" for n in range(1, 29)} | {f"X{n}" for n in range(1, 20)}
    assert {case for case in rows if case not in proved} == set()
