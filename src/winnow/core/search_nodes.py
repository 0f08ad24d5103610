"""What a query of the search is read into: words, filters and spans of time, joined by "all", "one of" and "not"."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Problem:
    """What of a query could not be read: its place (`at`, counted from 0), its text, and how to mend it."""

    at: int
    text: str
    says: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand side by side: one of them, or a phrase. `is_exact` where quotes say that no slip is meant."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter, such as `tag:mlops`; `at` is where it stands. Dates have their own kind."""

    name: str
    value: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Span:
    """Dated from `first` on and before `end`; None leaves that side open."""

    first: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Both:
    """All of these."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these."""

    parts: tuple["Node", ...]


Node = Words | Filter | Span | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was read: what is sought (None where nothing is), and what could not be read."""

    text: str
    wanted: Node | None
    problems: tuple[Problem, ...] = ()

    @property
    def leaves(self) -> tuple[Words | Filter | Span, ...]:
        """What it holds that is not under a `-`, in its order."""
        return tuple(_leaves(self.wanted)) if self.wanted else ()


def _leaves(node: Node) -> Iterator[Words | Filter | Span]:
    if isinstance(node, Both | Either):
        for part in node.parts:
            yield from _leaves(part)
    elif not isinstance(node, Not):
        yield node
