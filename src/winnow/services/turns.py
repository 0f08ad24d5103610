"""Take turns where two at once would each look, find nothing, and both act.

SQLite has one writer at a time anyway. PostgreSQL lets transactions run beside each other, so there the second waits until
the first has committed, and then sees what it did. See `docs/decisions/0014-postgresql.md`.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def take_turn(verb: str) -> None:
    """Wait, in the caller's transaction, until no other transaction is in the middle of this verb; held until it ends.

    Raises OperationalError where the other does not end within the database's patience.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(verb)])


@contextmanager
def turn_of_session(verb: str) -> Iterator[None]:
    """The same beyond one transaction, for as long as the block lasts."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_number(verb)])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_number(verb)])


def _number(verb: str) -> int:
    """A number of our own for each verb: PostgreSQL knows such locks by number alone."""
    return zlib.crc32(f"winnow {verb}".encode())
