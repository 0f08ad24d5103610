"""What every reader of row files hands on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_FIELD = 1_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """The columns of one row, unchecked, and the line of the file where it starts."""

    line: int
    fields: Mapping[str, Any]
