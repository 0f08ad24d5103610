"""Do the tests notice when the code that guards is changed? `python bench/mutation.py TARGET [N]`.

Changes one thing at a time in a file (a comparison, a condition, a number, a text, a call, what is returned), runs the tests
that mirror it against each change, and counts those that fail: killed. N of all changes are drawn with a fixed seed.
A change that makes no difference to anybody is named in `equivalent.py`, with the reason, and is counted apart; after more
were judged so, `python bench/mutation.py judge` counts anew, and runs nothing.

Each runs in a child of its own (`mutants.py`). What must be noticed (every function raises) and what must not be (nothing is
changed) are tried first, and the latter after every 50 changes again.
"""

import ast
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from changes import broken
from equivalent import EQUIVALENT
from mutants import PASSED, Mutant, MutantRunner, mutants, path_of
from record import RESULTS, ROOT, record

# The modules of a target, each with the tests that mirror it.
TARGETS = {
    "access": {
        "winnow.queries.access": "tests/queries/test_access.py",
        "winnow.web.access": "tests/web/test_access.py",
    },
    "artifacts": {"winnow.ml.artifacts": "tests/ml/test_artifacts.py"},
    "guard": {
        "winnow.egress.addresses": "tests/egress/test_addresses.py",
        "winnow.egress.backend": "tests/egress/test_backend.py",
        "winnow.egress.targets": "tests/egress/test_targets.py",
    },
    "guards": {"winnow.models.guards": "tests/models/test_guards.py"},
    "jobs": {"winnow.services.jobs": "tests/services/test_jobs.py"},
    "passkeys": {"winnow.services.passkeys": "tests/services/test_passkeys.py"},
    "publish": {"winnow.services.publish": "tests/services/test_publish.py"},
    "second_factor": {"winnow.services.second_factor": "tests/services/test_second_factor.py"},
}
SEED = 10
BETWEEN_CONTROLS = 50
# Where there is one: a database for every change is much to write.
MEMORY = Path("/dev/shm")


def check_controls(runner: MutantRunner, modules: Iterable[str]) -> None:
    """What must be noticed is, and what must not be is not; otherwise no figure is worth anything."""
    for module in modules:
        tree = ast.parse(path_of(module).read_text())
        check_unchanged(runner, module)
        if runner.status_of(module, broken(tree)) == PASSED:
            sys.exit(f"{module}: nobody notices that every function raises")


def check_unchanged(runner: MutantRunner, module: str) -> None:
    """The tests pass on the code as it is."""
    status = runner.status_of(module, ast.parse(path_of(module).read_text()))
    if status != PASSED:
        sys.exit(f"{module}: the tests end with {status} on the code as it is")


def main(target: str, n: int) -> None:
    """Try n changes of a target and keep what survived."""
    tests = TARGETS[target]
    every = mutants(tests)
    drawn = random.Random(SEED).sample(every, min(n, len(every)))
    home = Path(tempfile.mkdtemp(prefix="mutation-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        runner = MutantRunner(home, tests)
        check_controls(runner, tests)
        ends = tried(runner, drawn, target)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    keep({**results(), target: figures_of(every, ends)})


def tried(runner: MutantRunner, drawn: list[Mutant], target: str) -> dict[str, list[Mutant]]:
    """The changes by how they ended."""
    ends: dict[str, list[Mutant]] = {"killed": [], "survived": [], "late": []}
    for at, mutant in enumerate(drawn, 1):
        status = runner.status_of(mutant.module, mutant.tree)
        # Late says nothing on a busy machine, so it is not counted as killed.
        end = "late" if status is None else "survived" if status == PASSED else "killed"
        ends[end].append(mutant)
        print(f"{target}: {at} of {len(drawn)}, {end}: {mutant}", file=sys.stderr, flush=True)
        if at % BETWEEN_CONTROLS == 0:
            check_unchanged(runner, mutant.module)
    return ends


def figures_of(every: list[Mutant], ends: dict[str, list[Mutant]]) -> dict[str, Any]:
    """What is kept of a run."""
    names = {end: [str(mutant) for mutant in those] for end, those in ends.items()}
    n = sum(map(len, names.values()))
    counted = {"changes": len(every), "n": n, "killed": len(names["killed"])}
    return {**counted, "survived": names["survived"], "equivalent": [], "late": names["late"]}


def judged(target: str, figures: dict[str, Any]) -> dict[str, Any]:
    """The figures with what survived parted by `equivalent.py`, and the shares with and without what it names."""
    from winnow.core.intervals import clopper_pearson  # noqa: PLC0415 - the path is set below

    left = sorted([*figures["survived"], *(name for name, _ in figures["equivalent"])])
    # Two changes in one line may bear one name, so these are no keys.
    equal = [[name, reason] for name in left if (reason := reason_of(target, name))]
    killed, n = figures["killed"], figures["n"]
    around, apart = clopper_pearson(killed, n), clopper_pearson(killed, n - len(equal))
    return {
        "share killed": round(killed / n, 4),
        "low": round(around.low, 4),
        "high": round(around.high, 4),
        "share killed of those that make a difference": round(killed / (n - len(equal)), 4),
        "low of those": round(apart.low, 4),
        "high of those": round(apart.high, 4),
        **{name: figures[name] for name in ("changes", "n", "killed")},
        "survived": [name for name in left if not reason_of(target, name)],
        "equivalent": equal,
        "late": figures["late"],
    }


def reason_of(target: str, name: str) -> str:
    """Why a change, named as a Mutant names itself, makes no difference; empty where it makes one."""
    module, _, rest = name.partition(" line ")
    line, _, change = rest.partition(": ")
    text = path_of(f"winnow.{module}").read_text().splitlines()[int(line) - 1].strip()
    return EQUIVALENT.get(target, {}).get((text, change), "")


def results() -> dict[str, Any]:
    """The figures of all targets up to now."""
    path = RESULTS / "mutation.json"
    return json.loads(path.read_text())["figures"] if path.exists() else {}


def keep(figures: dict[str, Any]) -> None:
    """All targets, in order."""
    record("mutation", {target: judged(target, found) for target, found in sorted(figures.items())})


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    if sys.argv[1] == "judge":
        keep(results())
    else:
        main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
