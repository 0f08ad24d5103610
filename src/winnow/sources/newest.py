"""How many entries of a source are looked at, and which."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

MAX_ENTRIES = 500

Entry = TypeVar("Entry")
_UNDATED = datetime.min.replace(tzinfo=UTC)


def newest(entries: Sequence[Entry], when: Callable[[Entry], datetime | None]) -> tuple[list[Entry], int]:
    """The MAX_ENTRIES newest in the order in which they stand, and how many more there are.

    Those without a date count as the oldest; of equal ones the first are kept.
    """
    n_left_out = max(0, len(entries) - MAX_ENTRIES)
    if not n_left_out:
        return list(entries), 0
    moments = [when(entry) or _UNDATED for entry in entries]
    ranked = sorted(range(len(entries)), key=moments.__getitem__, reverse=True)
    return [entries[index] for index in sorted(ranked[:MAX_ENTRIES])], n_left_out
