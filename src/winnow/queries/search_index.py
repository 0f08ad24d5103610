"""Ask the full-text index, in the language of either database, within a bounded time.

Matches come newest first and no more than asked for. FTS5 goes through its lists from their newest end, a range of works
after another, and may stop after any; what a phrase of common words does not fit is passed over within one step of its,
in which nothing can stop it. PostgreSQL's GIN gives all matches or none, so there the newest era of works is asked first,
then the newest ages, then all: what is common is found in the first, and what is not in the first is rare enough for the
last.
"""

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
# A phrase of common words must be looked for in every work that holds them; after this it is said that it was not.
PATIENCE_MS = 100
# The same for a statement of PostgreSQL, which has looked at the newest works by then.
STATEMENT_MS = 300
STEPS, RANGE_BITS = 10_000, 17
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


def matches(node: Node, *, states: Sequence[str], limit: int, below: int = 2**63 - 1) -> Matches:
    """Up to `limit` works in one of these states that a query fits, newest first, of those with a number below `below`."""
    scope = Either(tuple(Filter("in", state) for state in states))
    whole = Both((scope, _grounded(node, scope)))
    if connection.vendor == "postgresql":
        return _on_postgresql(whole, limit, below)
    return _on_sqlite(whole, limit, below)


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


def _on_sqlite(node: Node, limit: int, below: int) -> Matches:
    found: list[Match] = []
    top = min(_newest() + 1, below)
    end = monotonic() + PATIENCE_MS / 1000
    try:
        with _interrupted_at(end):
            while top > 0 and len(found) < limit and monotonic() < end:
                floor = (top - 1) >> RANGE_BITS << RANGE_BITS
                found += _in_range(node, limit - len(found), floor, top)
                top = floor
    except OperationalError as error:
        if "interrupted" not in str(error):
            raise
    return Matches(found, is_cut=top > 0 and len(found) < limit)


def _in_range(node: Node, limit: int, floor: int, below: int) -> list[Match]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT entry.item_id, entry.tag, entry.source_id, entry.kind FROM {INDEX}"  # noqa: S608 - ours
            f" CROSS JOIN {ENTRIES} entry INDEXED BY search_entry_facets ON entry.item_id = {INDEX}.rowid"
            f" WHERE {INDEX} MATCH %s AND {INDEX}.rowid >= %s AND {INDEX}.rowid < %s"
            f" ORDER BY {INDEX}.rowid DESC LIMIT %s",
            [fts5(node), floor, below, limit],
        )
        return list(map(Match._make, cursor.fetchall()))


def _on_postgresql(node: Node, limit: int, below: int) -> Matches:
    found: list[Match] = []
    for floor, within in _steps(below):
        narrowed = Both((within, node)) if within else node
        try:
            with _patience():
                found = _at_once(narrowed, limit, floor, below)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != CANCELED:
                raise
            return Matches(found, is_cut=True)
        if len(found) >= limit or floor == 0:
            break
    return Matches(found)


def _steps(below: int) -> Iterator[tuple[int, Node | None]]:
    """The number from which on is searched, and the marks that say so; last come all."""
    top = min(_newest(), below - 1)
    for name, bits in (("era", ERA_BITS), ("age", AGE_BITS)):
        last = top >> bits
        if last > 1:
            yield (last - 1) << bits, Either((Filter(name, str(last)), Filter(name, str(last - 1))))
    yield 0, None


def _newest() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(item_id) FROM {ENTRIES}")  # noqa: S608 - ours
        return int(cursor.fetchone()[0] or 0)


def _at_once(node: Node, limit: int, floor: int, below: int) -> list[Match]:
    """All matches are found before they are sorted: in the order of numbers the rest of the table would be read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH found AS MATERIALIZED (SELECT item_id, tag, source_id, kind"  # noqa: S608 - ours
            f" FROM {ENTRIES} WHERE words @@ %s::tsquery)"
            " SELECT * FROM found WHERE item_id >= %s AND item_id < %s ORDER BY item_id DESC LIMIT %s",
            [tsquery(node), floor, below, limit],
        )
        return list(map(Match._make, cursor.fetchall()))


@contextmanager
def _patience() -> Iterator[None]:
    """A statement that is given up after STATEMENT_MS, and is let use the index even where it seems dear."""
    limits = {"statement_timeout": f"'{STATEMENT_MS}'", "enable_seqscan": "off", "work_mem": "'32MB'"}
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
