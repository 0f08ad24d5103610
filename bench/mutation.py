"""Do the tests notice when the code that guards is changed? `python bench/mutation.py TARGET [N]`.

Changes one thing at a time in a file (a comparison, a condition, a number, a text, a call, what is returned), runs the tests
that mirror it against each change, and counts those that fail: killed. N of all changes are drawn with a fixed seed.
A change that makes no difference to anybody is named in `equivalent.py`, with the reason, and is counted apart; after more
were judged so, `python bench/mutation.py judge` counts anew, and runs nothing.

Each change runs in a child of a process that has others' packages loaded and none of ours: the child loads the changed file in
place of the real one, whoever imports it, with a home and an empty database of its own. What must be noticed (every function
raises) and what must not be (nothing is changed) are tried first, and the latter after every 50 changes again.
"""

import ast
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from changes import broken, every_change
from equivalent import EQUIVALENT
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
SECONDS = 120
BETWEEN_CONTROLS = 50
PASSED = 0
# Where there is one: a database for every change is much to write.
MEMORY = Path("/dev/shm")
# What is loaded beforehand cannot be rewritten by pytest; it is others' code, in which no assertion of ours stands.
QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
# Ours, and what asks for settings as soon as it is loaded.
LEFT = ("winnow", "tests", "conftest", "__main__", "django.contrib")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change: where it stands and what it is, and the whole tree."""

    module: str
    line: int
    change: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.module.removeprefix('winnow.')} line {self.line}: {self.change}"


class ChangedModule(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
    """Finds one module, and loads a tree for it."""

    def __init__(self, module: str, tree: ast.Module) -> None:
        super().__init__(module, str(path_of(module)))
        self._tree = tree

    def find_spec(self, fullname: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        """Only the one."""
        del path, target
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        """Our own code, changed on purpose; never the one that was compiled before."""
        del fullname
        return compile(self._tree, self.path, "exec", dont_inherit=True)


def path_of(module: str) -> Path:
    """The file of a module of ours."""
    return ROOT / "src" / (module.replace(".", "/") + ".py")


def mutants(modules: Iterable[str]) -> list[Mutant]:
    """Every change of every module."""
    found = []
    for module in modules:
        source = path_of(module).read_text()
        for line, change, tree in every_change(ast.parse(source)):
            found.append(Mutant(module, line, change, tree))
    return found


class Bench:
    """Runs tests in children; everything they write is under `home`."""

    def __init__(self, home: Path, tests: dict[str, str]) -> None:
        self._home = home
        self._tests = tests
        self._database = home / "empty.sqlite3"
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(home / "compiled")
        names = home / "modules"
        self._child(self._make_database)
        self._child(lambda: self._pytest(*tests.values()) or self._write_names(names))
        for name in names.read_text().split():
            # Some ask for settings that there are none of yet; a child loads them itself.
            with contextlib.suppress(Exception), contextlib.redirect_stderr(io.StringIO()):
                importlib.import_module(name)
        if early := set(tests) & set(sys.modules):
            sys.exit(f"loaded before they are changed: {early}")

    def status_of(self, module: str, tree: ast.Module) -> int | None:
        """How the tests end with this tree for the module: pytest's status, None where they ran out of time."""
        return self._child(lambda: self._tried(module, tree))

    def _tried(self, module: str, tree: ast.Module) -> int:
        sys.meta_path.insert(0, ChangedModule(module, tree))
        return self._pytest("-x", self._tests[module])

    def _pytest(self, *options: str) -> int:
        from tests import settings  # noqa: PLC0415 - makes the home of this child

        shutil.copy(self._database, settings.DATABASES["default"]["TEST"]["NAME"])
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import pytest  # noqa: PLC0415 - needs what was loaded beforehand

        base = f"--basetemp={tempfile.gettempdir()}/pytest"
        return int(
            pytest.main(
                [
                    "-n",
                    "0",
                    "-p",
                    "no:randomly",
                    "-p",
                    "no:cacheprovider",
                    "--reuse-db",
                    base,
                    *QUIET,
                    *options,
                ]
            )
        )

    def _write_names(self, path: Path) -> int:
        path.write_text("\n".join(name for name in sys.modules if not name.removeprefix("_").startswith(LEFT)))
        return PASSED

    def _make_database(self) -> int:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django  # noqa: PLC0415 - of the child alone
        from django.db import connection  # noqa: PLC0415

        django.setup()
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
        shutil.copy(name, self._database)
        return PASSED

    def _child(self, work: Callable[[], int]) -> int | None:
        folder = Path(tempfile.mkdtemp(dir=self._home))
        child = os.fork()
        if not child:
            _end_with(work, folder)
        status = os.waitpid(child, 0)[1]
        # What a child left running (a command that a test started) ends with it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
            return None
        return os.waitstatus_to_exitcode(status)


def _end_with(work: Callable[[], int], folder: Path) -> None:
    """What a child does: its own temporary folder, nothing printed, an end in time."""
    os.setsid()
    signal.alarm(SECONDS)
    sink = os.open(os.environ.get("MUTATION_LOG", os.devnull), os.O_WRONLY | os.O_APPEND)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        os._exit(work())
    except BaseException:  # noqa: BLE001 - whatever it is, the child ends here; pytest itself ends with less
        os._exit(70)


def check_controls(bench: Bench, modules: Iterable[str]) -> None:
    """What must be noticed is, and what must not be is not; otherwise no figure is worth anything."""
    for module in modules:
        tree = ast.parse(path_of(module).read_text())
        check_unchanged(bench, module)
        if bench.status_of(module, broken(tree)) == PASSED:
            sys.exit(f"{module}: nobody notices that every function raises")


def check_unchanged(bench: Bench, module: str) -> None:
    """The tests pass on the code as it is."""
    status = bench.status_of(module, ast.parse(path_of(module).read_text()))
    if status != PASSED:
        sys.exit(f"{module}: the tests end with {status} on the code as it is")


def main(target: str, n: int) -> None:
    """Try n changes of a target and keep what survived."""
    tests = TARGETS[target]
    every = mutants(tests)
    drawn = random.Random(SEED).sample(every, min(n, len(every)))
    home = Path(tempfile.mkdtemp(prefix="mutation-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        bench = Bench(home, tests)
        check_controls(bench, tests)
        ends = tried(bench, drawn, target)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    keep({**results(), target: figures_of(every, ends)})


def tried(bench: Bench, drawn: list[Mutant], target: str) -> dict[str, list[Mutant]]:
    """The changes by how they ended."""
    ends: dict[str, list[Mutant]] = {"killed": [], "survived": [], "late": []}
    for at, mutant in enumerate(drawn, 1):
        status = bench.status_of(mutant.module, mutant.tree)
        # Late says nothing on a busy machine, so it is not counted as killed.
        end = "late" if status is None else "survived" if status == PASSED else "killed"
        ends[end].append(mutant)
        print(f"{target}: {at} of {len(drawn)}, {end}: {mutant}", file=sys.stderr, flush=True)
        if at % BETWEEN_CONTROLS == 0:
            check_unchanged(bench, mutant.module)
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
