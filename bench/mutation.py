"""Do the tests notice when the code that guards is changed? `python bench/mutation.py TARGET [N]`.

Changes one thing at a time in a file (a comparison, a condition, a number, a text, a call, what is returned), runs the tests
that mirror it against each change, and counts those that fail: killed. N of all changes are drawn with a fixed seed.
A change runs in a child of a process that has everything loaded, so that hundreds can be tried in minutes.
"""

import ast
import contextlib
import copy
import importlib
import json
import os
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from record import RESULTS, ROOT, record

TARGETS = {
    "access": ("winnow.queries.access", ("tests/queries/test_access.py",)),
    "artifacts": ("winnow.ml.artifacts", ("tests/ml/test_artifacts.py",)),
    "guards": ("winnow.models.guards", ("tests/models/test_guards.py",)),
    "jobs": ("winnow.services.jobs", ("tests/services/test_jobs.py",)),
    "publish": ("winnow.services.publish", ("tests/services/test_publish.py",)),
    "second_factor": ("winnow.services.second_factor", ("tests/services/test_second_factor.py",)),
    "passkeys": ("winnow.services.passkeys", ("tests/services/test_passkeys.py",)),
}
SEED = 10
SECONDS = 180
# What is loaded beforehand cannot be rewritten by pytest; it is others' code, in which no assertion of ours stands.
QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
SWAPS = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
}  # fmt: skip


def changed(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Each way to change one node, with its name."""
    new = copy.deepcopy(node)
    if isinstance(new, ast.Compare) and type(new.ops[0]) in SWAPS:
        new.ops[0] = SWAPS[type(new.ops[0])]()
        yield "comparison", new
    elif isinstance(new, ast.BoolOp | ast.BinOp) and type(new.op) in SWAPS:
        new.op = SWAPS[type(new.op)]()
        yield "operator", new
    elif isinstance(new, ast.UnaryOp) and isinstance(new.op, ast.Not):
        yield "not", new.operand
    elif isinstance(new, ast.If | ast.IfExp | ast.While):
        new.test = ast.UnaryOp(ast.Not(), new.test)
        yield "condition", new
    elif isinstance(new, ast.Return) and new.value is not None and not isinstance(new.value, ast.Constant):
        new.value = ast.Constant(None)
        yield "return", new
    elif isinstance(new, ast.Expr) and isinstance(new.value, ast.Call):
        yield "call", ast.Pass()
    elif isinstance(new, ast.Constant) and isinstance(new.value, bool):
        yield "truth", ast.Constant(not new.value)
    elif isinstance(new, ast.Constant) and isinstance(new.value, int):
        yield "number", ast.Constant(new.value + 1)
    elif isinstance(new, ast.Constant) and isinstance(new.value, str) and new.value:
        yield "text", ast.Constant("XX" + new.value)


def mutants(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Every tree with one change, and where it stands. Docstrings, annotations and imports change nothing and stay."""
    parents = [node for node in ast.walk(tree) if not isinstance(node, ast.ImportFrom | ast.Import)]
    for at, parent in enumerate(parents):
        for field, value in ast.iter_fields(parent):
            if field in ("annotation", "returns", "decorator_list", "format_spec"):
                continue
            for index, child in enumerate(value if isinstance(value, list) else [value]):
                is_docstring = isinstance(parent, ast.Expr) and isinstance(child, ast.Constant)
                if not isinstance(child, ast.AST) or is_docstring:
                    continue
                for name, new in changed(child):
                    whole = copy.deepcopy(tree)
                    twins = [node for node in ast.walk(whole) if not isinstance(node, ast.ImportFrom | ast.Import)]
                    if isinstance(value, list):
                        getattr(twins[at], field)[index] = new
                    else:
                        setattr(twins[at], field, new)
                    yield f"line {getattr(child, 'lineno', 0)}: {name}", ast.fix_missing_locations(whole)


def ends_in(module: str, tree: ast.Module | None, tests: tuple[str, ...]) -> int:
    """The status of the tests in a child that runs the module as changed; 0 is that they passed."""
    child = os.fork()
    if not child:
        os.setsid()
        signal.alarm(SECONDS)
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        try:
            loaded = importlib.import_module(module)
            if tree is not None:
                exec(compile(tree, loaded.__file__, "exec"), loaded.__dict__)  # our own code, changed on purpose
            import pytest  # noqa: PLC0415 - rewrites what is loaded after it

            base = f"--basetemp={os.environ['WINNOW_HOME']}/pytest"
            os._exit(int(pytest.main(["-x", "-n", "0", "-p", "no:randomly", "--reuse-db", *QUIET, base, *tests])))
        except BaseException:  # noqa: BLE001 - whatever it is, the child ends here
            os._exit(70)
    return os.waitpid(child, 0)[1]


def is_late(status: int) -> bool:
    """Whether the tests ran out of time: on a busy machine that says nothing, so it is counted apart and not as killed."""
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM


def load_what_tests_load(tests: tuple[str, ...]) -> None:
    """Import here what a run of the tests imports of others' packages, so that no child has to."""
    names = Path(os.environ["WINNOW_HOME"]) / "modules"
    child = os.fork()
    if not child:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        import pytest  # noqa: PLC0415 - the same, in a child alone

        pytest.main(["-n", "0", "-p", "no:randomly", "--collect-only", *QUIET, *tests])
        # pytest rewrites its plugins as it loads them, and says so where it cannot.
        ours = (
            "winnow",
            "tests",
            "__main__",
            "conftest",
            "_pytest",
            "pytest",
            "hypothesis",
            "anyio",
            "schemathesis",
            "xdist",
        )
        names.write_text("\n".join(name for name in sys.modules if not name.removeprefix("_").startswith(ours)))
        os._exit(0)
    os.waitpid(child, 0)
    for name in names.read_text().split():
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def main(target: str, n: int) -> None:
    """Try n changes of a target and keep what survived."""
    module, tests = TARGETS[target]
    path = ROOT / "src" / (module.replace(".", "/") + ".py")
    every = list(mutants(ast.parse(path.read_text())))
    drawn = random.Random(SEED).sample(every, min(n, len(every)))
    load_what_tests_load(tests)
    if ends_in(module, None, tests) != 0:
        sys.exit("the tests fail on the code as it is")
    survived: list[str] = []
    late: list[str] = []
    for at, (where, tree) in enumerate(drawn, 1):
        status = ends_in(module, tree, tests)
        if status == 0 or is_late(status):
            (late if is_late(status) else survived).append(where)
        print(f"{target}: {at} of {len(drawn)}, survived {len(survived)}: {where}", file=sys.stderr, flush=True)
    n_killed = len(drawn) - len(survived) - len(late)
    keep(target, {"changes": len(every), "n": len(drawn), "killed": n_killed, "survived": survived, "late": late})


def keep(target: str, figures: dict[str, object]) -> None:
    """Beside those of the other targets."""
    from winnow.core.intervals import clopper_pearson  # noqa: PLC0415 - the path is set below

    around = clopper_pearson(figures["killed"], figures["n"])
    share = round(figures["killed"] / figures["n"], 4)
    path = RESULTS / "mutation.json"
    before = json.loads(path.read_text())["figures"] if path.exists() else {}
    found = {"share killed": share, "low": round(around.low, 4), "high": round(around.high, 4), **figures}
    record("mutation", dict(sorted({**before, target: found}.items())))


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ["WINNOW_HOME"] = tempfile.mkdtemp(prefix="mutation-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
