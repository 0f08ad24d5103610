"""Gates: what a model has to show before it serves, as a list that anyone can read, and how a list of answers is summed up.

The verdicts are those of a sequential decision: passed, failed, or not enough evidence, which names what is missing.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from winnow.core.errors import InputError

ROLES = ("champion", "challenger", "shadow")
_OWN = {"name": str, "check": str, "says": str}
_FLAGS = ("compares", "needs_stream")


class Verdict(StrEnum):
    """What a gate says. A waived one is written down, and stands in the way of nothing."""

    PASSED = "passed"
    FAILED = "failed"
    INSUFFICIENT = "not enough evidence"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Gate:
    """One line of the list: which check with which limits, for which roles.

    `compares` needs a champion and `needs_stream` audits of the stream: both are waived for the very first model.
    """

    name: str
    check: str
    says: str
    roles: tuple[str, ...]
    limits: Mapping[str, float]
    compares: bool = False
    needs_stream: bool = False

    @property
    def may_be_waived(self) -> bool:
        """Whether a first model may do without."""
        return self.compares or self.needs_stream


@dataclass(frozen=True, slots=True)
class Check:
    """What one gate found, in words; `missing` are the labels that are lacking, by tag ("" being any tag)."""

    name: str
    verdict: Verdict
    says: str
    missing: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The row that is kept."""
        return asdict(self) | {"missing": dict(self.missing)}


def load_gates(path: Path, checks: Sequence[str]) -> tuple[Gate, ...]:
    """The gates of a TOML file in their order. Raises InputError with file, gate and field."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError.at(path, 0, "", f"cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError.at(path, 0, "", f"is no TOML: {error}") from error
    tables = raw.get("gates")
    if not isinstance(tables, list) or not tables:
        raise InputError.at(path, 0, "gates", "needs at least one [[gates]]")
    return tuple(_gate(path, number, table, checks) for number, table in enumerate(tables, start=1))


def verdict_of(checks: Sequence[Check]) -> Verdict:
    """Of the whole: one that failed fails it, and one that lacks evidence holds it. Nothing checked proves nothing."""
    found = {check.verdict for check in checks}
    if Verdict.FAILED in found:
        return Verdict.FAILED
    return Verdict.INSUFFICIENT if Verdict.INSUFFICIENT in found or not found else Verdict.PASSED


def _gate(path: Path, number: int, table: Mapping[str, Any], checks: Sequence[str]) -> Gate:
    place = f"gate {number}"
    for name, kind in _OWN.items():
        if not isinstance(table.get(name), kind) or not table[name]:
            raise InputError.at(path, 0, f"{place}: {name}", "is missing or no text")
    if table["check"] not in checks:
        raise InputError.at(path, 0, f"{place}: check", f"{table['check']!r} is none of {', '.join(checks)}")
    roles = tuple(table.get("roles", ROLES))
    if not roles or not set(roles) <= set(ROLES):
        raise InputError.at(path, 0, f"{place}: roles", f"are among {', '.join(ROLES)}")
    limits = {name: value for name, value in table.items() if name not in (*_OWN, *_FLAGS, "roles")}
    for name, value in limits.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError.at(path, 0, f"{place}: {name}", "is no number")
    name, check, says = (table[own] for own in _OWN)
    compares, needs_stream = (bool(table.get(flag, False)) for flag in _FLAGS)
    return Gate(name, check, says, roles, limits, compares=compares, needs_stream=needs_stream)
