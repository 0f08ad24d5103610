"""The API as a whole: its parts, its errors, its description."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja.errors import AuthenticationError, HttpError, ValidationError

from winnow import __version__
from winnow.api import classify, items, status, tags, tasks
from winnow.api.description import DescribedAPI
from winnow.api.parsing import StrictParser
from winnow.api.problems import problem
from winnow.core.errors import ConflictError, InputError, NotFoundError, TooManyError, WinnowError

MAX_FAULTS = 100

api = DescribedAPI(
    title="Winnow",
    version=__version__,
    description="Machine-learning content, one approved tag each. Errors are problems as in RFC 9457.",
    docs_url=None,
    docs_decorator=require_safe,
    parser=StrictParser(),
)
api.add_router("", classify.router, tags=["classify"])
api.add_router("", items.router, tags=["items"])
api.add_router("", tasks.router, tags=["tasks"])
api.add_router("", tags.router, tags=["tags"])
api.add_router("", status.router, tags=["status"])


@api.exception_handler(ValidationError)
def invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What is wrong with which field."""
    faults = [{"field": _path(e.get("loc", ())), "reason": e.get("msg", "")} for e in error.errors[:MAX_FAULTS]]
    first = faults[0] if faults else {"field": "", "reason": "invalid"}
    return problem(422, f"{first['field']}: {first['reason']}", errors=faults)


@api.exception_handler(InputError)
def refused(_request: HttpRequest, error: InputError) -> HttpResponse:
    """Well-formed, and yet it cannot be used."""
    return problem(422, str(error))


@api.exception_handler(NotFoundError)
def missing(_request: HttpRequest, error: NotFoundError) -> HttpResponse:
    """It is not here."""
    return problem(404, str(error))


@api.exception_handler(ConflictError)
def conflicting(_request: HttpRequest, error: ConflictError) -> HttpResponse:
    """The row is in another state."""
    return problem(409, str(error))


@api.exception_handler(TooManyError)
def too_many(_request: HttpRequest, error: TooManyError) -> HttpResponse:
    """Asked too often."""
    response = problem(429, str(error))
    response["Retry-After"] = str(error.retry_after)
    return response


@api.exception_handler(WinnowError)
def away(_request: HttpRequest, error: WinnowError) -> HttpResponse:
    """A part that the call needs (the encoder, a model) is away; nothing was stored."""
    return problem(503, f"{error}; nothing was stored")


@api.exception_handler(AuthenticationError)
def unauthenticated(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """No token, or none that lives."""
    response = problem(401, "give a living token: Authorization: Bearer TOKEN (`winnow token` makes one)")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Errors that ninja and our parser raise; the parser's own words stand behind those of ninja."""
    return problem(error.status_code, f"{error}: {error.__cause__}" if error.__cause__ else str(error))


@api.exception_handler(DatabaseError)
def unavailable(_request: HttpRequest, _error: DatabaseError) -> HttpResponse:
    """The database is away, locked or full; nothing was stored."""
    response = problem(503, "the database does not answer; nothing was stored, try again soon")
    response["Retry-After"] = "5"
    return response


def _path(location: tuple[Any, ...]) -> str:
    """`items.0.title` from pydantic's path, without the words for body and query that come first."""
    return (
        ".".join(str(part) for part in location if part not in ("body", "query", "path", "data", "payload")) or "body"
    )
