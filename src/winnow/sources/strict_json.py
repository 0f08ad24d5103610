"""JSON as RFC 8259 means it: no key twice, no NaN. Readers disagree about both, so neither is guessed at."""

import json
from typing import Any, NoReturn


class AmbiguousJSONError(ValueError):
    """JSON that different readers read differently."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise AmbiguousJSONError(f"the key {twice[:50]!r} stands twice in one object")
    return members


def _no_number(name: str) -> NoReturn:
    raise AmbiguousJSONError(f"{name} is no number in JSON")


# Control characters inside of strings are let through: what they are in is judged by field, not by file.
DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_number, strict=False)
