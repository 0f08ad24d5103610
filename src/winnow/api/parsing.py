"""Bodies are parsed strictly: what JSON does not allow is refused, and so is what only harms."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

# Each unknown key is a fault that is described; a hundred thousand of them would fill the memory.
MAX_KEYS = 100


class StrictParser(Parser):
    """JSON without NaN, duplicate keys, halves of characters, or nesting that exhausts the stack."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value. Raises ValueError or RecursionError, which ninja answers with 400."""
        return strict_json(request.body)


def strict_json(body: bytes) -> Any:
    """The value of a body. Raises ValueError or RecursionError."""
    value = json.loads(body, parse_constant=_refuse, object_pairs_hook=_distinct)
    if b"\\u" in body:
        # A lone surrogate can neither be stored nor be sent back; encoding it is a ValueError.
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS:
        raise ValueError(f"an object of {len(pairs)} keys; no call takes more than {MAX_KEYS}")
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("the same key stands twice in one object")
    return value
