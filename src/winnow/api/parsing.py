"""Bodies are parsed strictly: what JSON does not allow is refused, and so is what only harms."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.parser import Parser


class StrictParser(Parser):
    """JSON without NaN, duplicate keys, or nesting that exhausts the stack."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value. Raises HttpError 400, 413 or 415."""
        if request.content_type not in ("application/json", ""):
            raise HttpError(415, "send Content-Type: application/json")
        try:
            return json.loads(request.body, parse_constant=_refuse, object_pairs_hook=_distinct)
        except RequestDataTooBig as error:
            raise HttpError(413, "the body is too large; send less at a time") from error
        except (ValueError, RecursionError) as error:
            raise HttpError(400, f"the body is not JSON: {str(error)[:120]}") from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("the same key stands twice in one object")
    return value
