"""How much of the product do the tests run? Statements by floor, counted in every process that a test starts.

`tests_covered.py [PYTEST'S WORDS]`: the whole suite on SQLite where none are given. What is killed without a chance to say
what it ran counts as not run, so that the figures are lower bounds. Leaves the evidence of `test("...")` as `make test` does.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from record import ROOT, record

SOURCE = "src/winnow/"


def main(words: list[str]) -> None:
    """Run, combine, count."""
    with tempfile.TemporaryDirectory(prefix="winnow-covered-") as room:
        environment = {**os.environ, "COVERAGE_FILE": f"{room}/data", "COVERAGE_RCFILE": str(ROOT / "pyproject.toml")}
        pytest = ["-m", "pytest", "-n", "auto", "-q", "-p", "tests.report", *words]
        done = subprocess.run(
            [sys.executable, "-m", "coverage", "run", *pytest], cwd=ROOT, env=environment, check=False
        )
        for step in (["combine", "-q"], ["json", "-q", "-o", f"{room}/report.json"]):
            subprocess.run([sys.executable, "-m", "coverage", *step], cwd=ROOT, env=environment, check=True)
        report = json.loads(Path(f"{room}/report.json").read_text())
    record("tests_covered", {"tests end with": done.returncode, "all": _counted(report["files"]), **_by_floor(report)})


def _by_floor(report: dict[str, dict[str, dict[str, dict[str, int]]]]) -> dict[str, dict[str, float]]:
    floors = defaultdict(dict)
    for path, told in report["files"].items():
        name = path.partition(SOURCE)[2]
        floors[name.partition("/")[0] if "/" in name else "foundations"][path] = told
    return {floor: _counted(files) for floor, files in sorted(floors.items())}


def _counted(files: dict[str, dict[str, dict[str, int]]]) -> dict[str, float]:
    n = sum(told["summary"]["num_statements"] for told in files.values())
    n_run = sum(told["summary"]["covered_lines"] for told in files.values())
    return {"share": round(n_run / max(n, 1), 4), "run": n_run, "statements": n}


if __name__ == "__main__":
    main(sys.argv[1:])
