"""Errors as problems (RFC 9457)."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

PROBLEM = "application/problem+json"


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """A JSON problem; `detail` says what to do."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM)


class ProblemMiddleware:
    """Below /api/, errors that Django answers itself (no such address, too large, bad host) are problems too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Exchange a page of HTML for a problem."""
        response = self.get_response(request)
        is_page = not response.get("Content-Type", "").startswith(("application/json", PROBLEM))
        if response.status_code < HTTPStatus.BAD_REQUEST or not request.path.startswith("/api/") or not is_page:
            return response
        exchanged = problem(
            response.status_code, _ADVICE.get(response.status_code, "see /api/docs for what is possible")
        )
        if "Allow" in response:
            exchanged["Allow"] = response["Allow"]
        return exchanged


_ADVICE = {
    404: "there is nothing at this address; /api/docs lists the calls",
    405: "this address does not take that method; the header Allow says which it takes",
    413: "the body is too large; send less at a time",
}
