"""Errors as problems (RFC 9457)."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PROBLEM = "application/problem+json"


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """A JSON problem; `detail` says what to do."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM)


class ProblemMiddleware:
    """Below /api/, bodies that no call takes are refused at the door, and pages of errors become problems.

    HEAD is answered as GET is; the server sends the head of that answer alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse what is too large or no JSON; exchange a page of HTML for a problem."""
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        if (refused := _refused(request)) is not None:
            return refused
        if request.method == "HEAD":
            request.method = "GET"
        response = self.get_response(request)
        is_page = not response.get("Content-Type", "").startswith(("application/json", PROBLEM))
        if response.status_code < HTTPStatus.BAD_REQUEST or not is_page:
            return response
        exchanged = problem(
            response.status_code, _ADVICE.get(response.status_code, "see /api/docs for what is possible")
        )
        for name in ("Allow", "Retry-After"):
            if name in response:
                exchanged[name] = response[name]
        return exchanged


def _refused(request: HttpRequest) -> HttpResponse | None:
    """Whether the head of the request says already that its body cannot be taken."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    if "HTTP_TRANSFER_ENCODING" in request.META:
        return problem(411, "send the body whole, with its Content-Length")
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return problem(413, _ADVICE[413])
    if request.content_type not in ("application/json", ""):
        return problem(415, "send Content-Type: application/json")
    return None


_ADVICE = {
    400: "the request cannot be read; /api/docs shows what it should look like",
    404: "there is nothing at this address; /api/docs lists the calls",
    405: "this address does not take that method; the header Allow says which it takes",
    413: "the body is too large; send less at a time",
    503: "nothing was stored; send it again, with the same Idempotency-Key, when Retry-After is over",
}
