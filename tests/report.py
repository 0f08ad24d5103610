"""A pytest plugin that writes which tests passed, on which code: the evidence of `test("...")` in releases.

Used as `-p tests.report`; `make test` does so.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from winnow.core.tree import tree_sha256

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "project" / "evidence" / "tests.json"
OUTCOMES = ("passed", "failed", "skipped")
counts = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))


def pytest_runtest_logreport(report: pytest.TestReport):
    """Count a test once: by its body, or by what kept it from running."""
    if report.when == "call" or report.outcome != "passed":
        file, _, name = report.nodeid.partition("::")
        counts[file][name.partition("[")[0]][OUTCOMES.index(report.outcome)] += 1


def pytest_sessionfinish(session: pytest.Session):
    """Write the report, from the process that hears of all tests."""
    if hasattr(session.config, "workerinput") or not counts:
        return
    code = {name: tree_sha256(ROOT, [name]) for name in ("src/winnow", "tests")}
    found = {file: dict(sorted(counts[file].items())) for file in sorted(counts)}
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps({"code": code, "tests": found}, indent=0) + "\n")
