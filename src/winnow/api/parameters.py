"""What stands behind the question mark: only what the call knows, and each once.

A misspelt filter that is passed over in silence would give the whole list and look like an answer to it.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse

from winnow.api.app import api
from winnow.api.problems import problem

PREFIX = "/api/v1/"


class ParameterMiddleware:
    """Refuse query parameters that the call does not know, or that stand twice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The view's answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """The problem, where there is one, before the call is made."""
        match = request.resolver_match
        known = _parameters().get((str(request.method), "/" + match.route)) if match and request.GET else None
        for name, values in request.GET.lists() if known is not None else ():
            if known is not None and name not in known:
                told = f"this call takes {', '.join(known)}" if known else "this call takes none"
                return problem(422, f"{name[:40]}: not a parameter; {told}", errors=[_fault(name, "unknown")])
            if len(values) > 1:
                return problem(422, f"{name}: stands twice", errors=[_fault(name, "stands twice")])
        return None


def _fault(name: str, reason: str) -> dict[str, str]:
    return {"field": name[:40], "reason": reason}


@lru_cache(maxsize=1)
def _parameters() -> dict[tuple[str, str], list[str]]:
    """The query parameters of each call, by its method and its route as Django writes it."""
    paths = api.get_openapi_schema(path_prefix=PREFIX)["paths"]
    return {
        (method.upper(), _route(path)): [p["name"] for p in call.get("parameters", []) if p["in"] == "query"]
        for path, methods in paths.items()
        for method, call in methods.items()
    }


def _route(path: str) -> str:
    return re.sub(r"{(\w+)}", r"<\1>", path)
