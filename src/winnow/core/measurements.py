"""Find the stored measurement that a promise asks for: in results of benchmarks, reports of tests, files, or rows."""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from winnow.core.criteria.functions import FUNCTIONS, KEPT_IN, UNITS
from winnow.core.criteria.grammar import Call, nearest
from winnow.core.criteria.judge import Measured
from winnow.core.errors import InputError
from winnow.core.tree import tree_sha256

RESULTS = "bench/results"
_KEYS = {"metric", "of", "tag", "file", "field", "n", "unit", "code", "from", "note"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: a field of a file, or rows of a kind; neither where nothing measures it yet."""

    metric: str
    of: str
    file: str = ""
    field: str = ""
    n: str = ""
    unit: str = ""
    code: tuple[str, ...] = ()
    rows: str = ""


# Looks a call up in rows of a kind ("certificate", "evaluation").
Rows = Callable[[str, Call], Measured | None]


def read_places(path: Path) -> Sequence[Place]:
    """The places that a project names. Raises InputError with what is wrong."""
    if not path.exists():
        return ()
    try:
        rows = tomllib.loads(path.read_text()).get("measurement", [])
        return tuple(_place(path, row) for row in rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}") from error
    except TypeError as error:
        raise InputError(f"{path}: {error}; every [[measurement]] needs metric and of") from error


def _place(path: Path, row: Mapping[str, Any]) -> Place:
    if unknown := row.keys() - _KEYS:
        raise InputError(f"{path}: `{min(unknown)}`: {nearest(min(unknown), _KEYS)}")
    metric = row.get("metric", "")
    if metric not in FUNCTIONS:
        raise InputError(f"{path}: metric `{metric}`: {nearest(metric, FUNCTIONS)}")
    if row.get("unit", KEPT_IN[FUNCTIONS[metric].dimension]) not in UNITS[FUNCTIONS[metric].dimension]:
        raise InputError(f"{path}: `{row['unit']}` is no unit of {metric}")
    kept = {key: row[key] for key in ("metric", "of", "file", "field", "n", "unit") if key in row}
    return Place(**kept, code=tuple(row.get("code", ())), rows=row.get("from", ""))


class Measurements:
    """All that is measured of a product whose files lie under `root`."""

    def __init__(self, root: Path, project: Path, rows: Rows, signed: Callable[[str], Measured | None]) -> None:
        self._root, self._rows, self._signed = root, rows, signed
        self._tests = project / "evidence" / "tests.json"
        self._places = {(place.metric, place.of): place for place in read_places(project / "measurements.toml")}
        self._hashes: dict[str, str] = {}

    def unknown(self, call: Call) -> str:
        """Why a call means nothing here, or "" where it means something."""
        if call.function == "test":
            return self._unknown_test(call.arguments[0])
        if call.kind.dimension == "fact":
            return ""
        if call.function == "benchmark":
            return self._unknown_benchmark(*call.arguments)
        (of,) = call.arguments
        if (call.function, of) in self._places:
            return ""
        known = [place.of for place in self._places.values() if place.metric == call.function]
        return f"nothing is called `{of}` for {call.function}: {nearest(of, known)}"

    def of(self, call: Call) -> Measured | None:
        """What was measured, in the unit in which its dimension is kept; None where nothing was."""
        match call.function:
            case "signed":
                return self._signed(call.arguments[0])
            case "exists":
                return self._exists(call.arguments[0])
            case "test":
                return self._test(call.arguments[0])
            case "benchmark":
                file = f"{RESULTS}/{call.arguments[0]}.json"
                return self._in_file(Place("benchmark", "", file, call.arguments[1]))
            case _:
                return self._at(self._places.get((call.function, call.arguments[0])), call)

    def sha256(self, paths: Sequence[str]) -> str:
        """The hash of files and folders under the root; "" where one is not there or lies outside."""
        root = self._root.resolve()
        is_inside = all((root / path).resolve().is_relative_to(root) for path in paths)
        return tree_sha256(self._root, paths) if is_inside else ""

    def _at(self, place: Place | None, call: Call) -> Measured | None:
        if place and place.rows:
            return self._rows(place.rows, call)
        return self._in_file(place) if place and place.file and not call.tag else None

    def _unknown_test(self, name: str) -> str:
        """A test whose file is not there can never pass; an installation that brings no tests says nothing of them."""
        file, root = Path(name.partition("::")[0]), self._root.resolve()
        if not file.parts or not (root / file).resolve().is_relative_to(root):
            return f"there is no test `{file}` here: name a file below the folder of the project"
        if (self._root / file).is_file() or not (self._root / file.parts[0]).is_dir():
            return ""
        known = [path.relative_to(self._root).as_posix() for path in (self._root / file.parts[0]).rglob("test_*.py")]
        return f"there is no test `{file}`: {nearest(str(file), known)}"

    def _unknown_benchmark(self, name: str, field: str) -> str:
        folder = self._root / RESULTS
        known = sorted(path.stem for path in folder.glob("*.json"))
        if name not in known:
            return f"no benchmark is called `{name}`: {nearest(name, known)}"
        found = _field(_read(folder / f"{name}.json").get("figures", {}), field)
        return "" if found is not None else f"the benchmark `{name}` has no figure `{field}`"

    def _exists(self, name: str) -> Measured:
        is_inside = (self._root / name).resolve().is_relative_to(self._root.resolve())
        is_there = is_inside and (self._root / name).exists()
        return Measured(float(is_there), 1, f"{name} {'is there' if is_there else 'is not there'}")

    def _test(self, name: str) -> Measured | None:
        report = _read(self._tests)
        file, _, function = name.partition("::")
        found: Mapping[str, Sequence[int]] = report.get("tests", {}).get(file, {})
        counts = [count for key, count in found.items() if not function or key == function]
        passed, failed = (sum(count[place] for count in counts) for place in (0, 1))
        if not passed and not failed:
            return None
        words = f"{passed} passed and {failed} failed in {name}"
        code = report.get("code", {})
        return Measured(float(not failed), passed + failed, words, _named(code), self._is_current(code, tuple(code)))

    def _in_file(self, place: Place) -> Measured | None:
        result = _read(self._root / place.file)
        figures = result.get("figures", result)
        value, n = _field(figures, place.field), _field(figures, place.n) if place.n else 1.0
        if value is None or n is None:
            return None
        dimension = FUNCTIONS[place.metric].dimension
        factor = UNITS[dimension][place.unit or KEPT_IN[dimension]]
        code = result.get("code", {})
        wanted = place.code or tuple(code)
        source = f"{place.file} ({place.field})"
        return Measured(value * float(factor), int(n), source, _named(code), self._is_current(code, wanted))

    def _is_current(self, code: Mapping[str, str], wanted: Sequence[str]) -> bool:
        """Whether all that was measured is as it was; what names no code cannot say so."""
        return bool(wanted) and all(code.get(path) and code[path] == self._hash(path) for path in wanted)

    def _hash(self, path: str) -> str:
        if path not in self._hashes:
            self._hashes[path] = tree_sha256(self._root, [path])
        return self._hashes[path]


def _named(code: Mapping[str, str]) -> str:
    """A short name of a state of the code."""
    return "-".join(sorted({sha256[:8] for sha256 in code.values()}))[:40]


def _read(path: Path) -> dict[str, Any]:
    try:
        found = _parsed(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: this is no result: {error}") from error
    if not isinstance(found, dict):
        raise InputError(f"{path}: this is no result: an object is expected")
    return found


@lru_cache(maxsize=64)
def _parsed(path: Path, _changed_at: int) -> Any:
    """Results hold raw samples and are long; pages would read them at each view."""
    return json.loads(path.read_text())


def _field(figures: Any, name: str) -> float | None:
    """A number by its path of names, joined by ` / `."""
    for part in name.split(" / "):
        figures = figures.get(part) if isinstance(figures, dict) else None
    return float(figures) if isinstance(figures, int | float) else None
