"""Bodies are parsed strictly: what JSON does not allow is refused, and so is what only harms."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser


class StrictParser(Parser):
    """JSON without NaN, duplicate keys, or nesting that exhausts the stack."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value. Raises ValueError or RecursionError, which ninja answers with 400."""
        return json.loads(request.body, parse_constant=_refuse, object_pairs_hook=_distinct)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("the same key stands twice in one object")
    return value
