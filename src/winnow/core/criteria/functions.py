"""What a promise may be about, and in which units it is said."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Dimension = Literal["share", "time", "rate", "count", "number", "fact"]

# Each unit as a factor to the one in which its dimension is kept: shares as such, times in ms, rates per second.
UNITS: dict[str, dict[str, Decimal]] = {
    "share": {"": Decimal(1), "%": Decimal("0.01")},
    "time": {"us": Decimal("0.001"), "ms": Decimal(1), "s": Decimal(1000), "min": Decimal(60_000)},
    "rate": {"/s": Decimal(1), "/min": Decimal(1) / 60},
    "count": {"": Decimal(1)},
    "number": {"": Decimal(1)},
    "fact": {},
}
KEPT_IN = {"share": "", "time": "ms", "rate": "/s", "count": "", "number": "", "fact": ""}


@dataclass(frozen=True, slots=True)
class Function:
    """One thing to promise. `takes` says of each argument whether it is a name or a quoted text."""

    dimension: Dimension
    takes: tuple[Literal["name", "text"], ...] = ("name",)
    has_tag: bool = False


FUNCTIONS: dict[str, Function] = {
    "precision": Function("share", has_tag=True),
    "recall": Function("share", has_tag=True),
    "accuracy": Function("share", has_tag=True),
    "coverage": Function("share"),
    "latency_p50": Function("time"),
    "latency_p95": Function("time"),
    "latency_p99": Function("time"),
    "duration": Function("time"),
    "throughput": Function("rate"),
    "duplicates": Function("count"),
    "lost": Function("count"),
    "violations": Function("count"),
    "benchmark": Function("number", ("text", "text")),
    "test": Function("fact", ("text",)),
    "exists": Function("fact", ("text",)),
    "signed": Function("fact"),
}
ROLES = ("owner", "engineer", "operator", "reviewer")
