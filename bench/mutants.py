"""A module with one thing changed, and the tests that mirror it run against it, for `mutation.py`.

Each change runs in a child of a process that has others' packages loaded and none of ours: the child loads the changed file in
place of the real one, whoever imports it, with a home and an empty database of its own.
"""

import ast
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from changes import every_change
from record import ROOT

SECONDS = 120
PASSED = 0
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


class MutantRunner:
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
