"""Ask the full-text index, in the language of either database, within a bounded time.

Matches come newest first and no more than asked for: one range of works is asked after another, from the newest down,
until there are enough or the time is over. How far the next one reaches follows from how much the last one held and, on
SQLite, how long it took. Within one range nothing stops FTS5 but its end, where a phrase of common words fits nothing, and PostgreSQL's
GIN gives all matches or none; a range of PostgreSQL is bounded by marks that works bear in the index.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import NamedTuple

from django.db import OperationalError, connection, transaction

from winnow.core.search_nodes import Both, Either, Filter, Node, Not, Span, Words
from winnow.core.search_words import dated_between, mark
from winnow.models.search_index import ENTRIES, INDEX

ERA_BITS, AGE_BITS = 13, 16
FIRST_RANGE = 1 << ERA_BITS
# A phrase of common words must be looked for in every work that holds them; after this it is said that it was not.
PATIENCE_MS = 90
# How much further than needed the next range reaches, and how much of the time that is left it may be expected to take.
MARGIN, CAUTION = 1.3, 0.7
# PostgreSQL reads the whole list of a word for each range, however short, and can be stopped anywhere: few and long ones.
LEAP = 12
STEPS = 10_000
# What PostgreSQL calls a statement that was given up (its manual, appendix A).
CANCELED = "57014"
# No work is older; none comes from later than that.
FIRST, END = date(1900, 1, 1), date(2101, 1, 1)


class Match(NamedTuple):
    """A work that was found, with what facets count. A tuple, because a search makes ten thousand of them."""

    item_id: int
    tag: str
    source_id: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found, newest first; `is_cut` where older works could not be searched in time."""

    rows: list[Match]
    is_cut: bool = False


def matches(
    node: Node, *, states: Sequence[str], limit: int, below: int = 2**63 - 1, end: float | None = None
) -> Matches:
    """Up to `limit` works in one of these states that a query fits, newest first, of those with a number below `below`.

    `end` is a moment of `time.monotonic` at which to stop, by default PATIENCE_MS from now.
    """
    scope = Either(tuple(Filter("in", state) for state in states))
    whole = Both((scope, _grounded(node, scope)))
    ask = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    newest = _newest()
    end = monotonic() + PATIENCE_MS / 1000 if end is None else end
    found: list[Match] = []
    top, reach = min(newest + 1, below), FIRST_RANGE
    while top > 0 and len(found) < limit and (began := monotonic()) < end:
        floor = _floor(top, reach)
        rows = ask(whole, limit - len(found), floor, top, end)
        if rows is None:
            break
        found += rows
        now = monotonic()
        times = LEAP if ask is _on_postgresql else CAUTION * (end - now) / max(now - began, 1e-6)
        reach = _reach(top - floor, len(rows), limit - len(found), times)
        top = floor
    return Matches(found, is_cut=top > 0 and len(found) < limit)


def _floor(top: int, reach: int) -> int:
    """Where a range of works below `top` begins that reaches so far: at the beginning of an era or, far down, an age."""
    bits = ERA_BITS if reach < 1 << AGE_BITS else AGE_BITS
    return max(top - reach, 0) >> bits << bits


def _reach(reached: int, n: int, n_wanted: int, times: float) -> int:
    """How far the next range reaches: where enough is expected, and at most so many times as far as the last."""
    enough = reached * MARGIN * n_wanted / n if n else math.inf
    return int(max(min(enough, reached * times), FIRST_RANGE))


def _grounded(node: Node, scope: Node) -> Node:
    """The same query with nothing that says only what is not wanted: FTS5 takes away from something alone."""
    if isinstance(node, Not):
        return Both((scope, Not(_grounded(node.part, scope))))
    if isinstance(node, Both):
        wanted = [_grounded(part, scope) for part in node.parts if not isinstance(part, Not)]
        others = [Not(_grounded(part.part, scope)) for part in node.parts if isinstance(part, Not)]
        return Both((*(wanted or [scope]), *others))
    return Either(tuple(_grounded(part, scope) for part in node.parts)) if isinstance(node, Either) else node


def fts5(node: Node) -> str:
    """A query in the language of FTS5; everything of the reader's stands within quotes.

    >>> fts5(Both((Words(("deep",)), Not(Words(("graph", "net"), is_prefix=True)))))
    '("deep" NOT "graph net" *)'
    """
    if isinstance(node, Words):
        return f'"{" ".join(node.words)}"{" *" if node.is_prefix else ""}'
    if isinstance(node, Either):
        return f"({' OR '.join(map(fts5, node.parts))})"
    if isinstance(node, Both):
        wanted = " AND ".join(fts5(part) for part in node.parts if not isinstance(part, Not))
        return f"({wanted}{''.join(f' NOT {fts5(part.part)}' for part in node.parts if isinstance(part, Not))})"
    if isinstance(node, Not):
        raise TypeError("FTS5 takes away from something alone; see _grounded")
    return " OR ".join(f'"{token}"' for token in _marks(node)).join("()")


def tsquery(node: Node) -> str:
    """A query in the language of PostgreSQL; everything of the reader's stands within quotes.

    >>> tsquery(Both((Words(("deep",)), Not(Words(("graph", "net"), is_prefix=True)))))
    "('deep' & !('graph' <-> 'net':*))"
    """
    if isinstance(node, Words):
        return f"{' <-> '.join(map(_quoted, node.words))}{':*' if node.is_prefix else ''}".join(
            "()" if len(node.words) > 1 else ("", "")
        )
    if isinstance(node, Not):
        return f"!{tsquery(node.part)}"
    if isinstance(node, Both | Either):
        return (" & " if isinstance(node, Both) else " | ").join(map(tsquery, node.parts)).join("()")
    return " | ".join(map(_quoted, _marks(node))).join("()")


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _marks(node: Filter | Span) -> list[str]:
    """The words of the index that stand for a filter; at least one of them is wanted."""
    if isinstance(node, Span):
        return dated_between(node.first or FIRST, node.end or END) or [mark("in", "none")]
    return [mark(node.name, node.value)]


def _on_sqlite(node: Node, limit: int, floor: int, below: int, end: float) -> list[Match] | None:
    """The matches of a range; None where they were not all found in time."""
    try:
        with _interrupted_at(end), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT entry.item_id, entry.tag, entry.source_id, entry.kind FROM {INDEX}"  # noqa: S608 - ours
                f" CROSS JOIN {ENTRIES} entry INDEXED BY search_entry_facets ON entry.item_id = {INDEX}.rowid"
                f" WHERE {INDEX} MATCH %s AND {INDEX}.rowid >= %s AND {INDEX}.rowid < %s"
                f" ORDER BY {INDEX}.rowid DESC LIMIT %s",
                [fts5(node), floor, below, limit],
            )
            return list(map(Match._make, cursor.fetchall()))
    except OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return None


def _on_postgresql(node: Node, limit: int, floor: int, below: int, end: float) -> list[Match] | None:
    """The same. All matches are found before they are sorted: in the order of numbers the rest of the table would be read."""
    try:
        with _canceled_at(end), connection.cursor() as cursor:
            cursor.execute(
                "WITH found AS MATERIALIZED (SELECT item_id, tag, source_id, kind"  # noqa: S608 - ours
                f" FROM {ENTRIES} WHERE words @@ %s::tsquery)"
                " SELECT * FROM found WHERE item_id >= %s AND item_id < %s ORDER BY item_id DESC LIMIT %s",
                [tsquery(_within(node, floor, below)), floor, below, limit],
            )
            return list(map(Match._make, cursor.fetchall()))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != CANCELED:
            raise
        return None


def _within(node: Node, floor: int, below: int) -> Node:
    """The query, with the marks of a range of works; the last range has none below, and needs none unless it is short."""
    if floor == 0 and below > 1 << AGE_BITS:
        return node
    name, bits = ("era", ERA_BITS) if below - floor < 1 << AGE_BITS else ("age", AGE_BITS)
    marks = range(floor >> bits, ((below - 1) >> bits) + 1)
    return Both((Either(tuple(Filter(name, str(number)) for number in marks)), node))


def _newest() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(item_id) FROM {ENTRIES}")  # noqa: S608 - ours
        return int(cursor.fetchone()[0] or 0)


@contextmanager
def _canceled_at(end: float) -> Iterator[None]:
    """A statement that is given up then, and is let use the index even where it seems dear."""
    milliseconds = max(int((end - monotonic()) * 1000), 1)
    limits = {"statement_timeout": f"'{milliseconds}'", "enable_seqscan": "off", "work_mem": "'32MB'"}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in limits.items()))
        yield
        # A transaction around this one goes on as it was; after a fault the savepoint has seen to it.
        with connection.cursor() as cursor:
            cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in limits))


@contextmanager
def _interrupted_at(end: float) -> Iterator[None]:
    """Asked every so many steps of its machine, SQLite interrupts itself."""
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: monotonic() > end, STEPS)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)
