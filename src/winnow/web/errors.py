"""Calm pages for what went wrong: what happened, and one thing to do."""

import sys
from collections.abc import Callable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from winnow.core.errors import ConflictError, InputError, NotFoundError, TooManyError, WinnowError
from winnow.web.phrases import Word, lasting

HOME = ("/", gettext_lazy("Go to the front page"))
SIGN_IN = ("/sign-in", gettext_lazy("Sign in"))
AWAY_SECONDS = 30


class ErrorPages:
    """Middleware that turns the errors of services, and refused methods, into pages; the API answers for itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The view's answer, or the page that explains why there is none."""
        response = self.get_response(request)
        return _method_refused(request, response) if response.status_code == 405 and _is_page(request) else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Errors that carry words for a person become the page that shows them."""
        if isinstance(error, DataError):
            # PostgreSQL takes no NUL, and numbers only so large: what somebody sent holds something that no row can.
            return bad_request(request, error)
        if not isinstance(error, WinnowError) or not _is_page(request):
            return None
        if isinstance(error, TooManyError):
            shown = {"title": _("That was too often"), "words": told_when(error), "action": HOME}
            return too_many(request, error, "error.html", shown)
        title, status = _TITLES.get(type(error), (gettext_lazy("That did not work"), 400))
        return _page(request, title, f"{error}.", status)


_TITLES: dict[type[WinnowError], tuple[Word, int]] = {
    InputError: (gettext_lazy("That address does not work"), 400),
    NotFoundError: (gettext_lazy("Not here"), 404),
    ConflictError: (gettext_lazy("That has changed meanwhile"), 409),
}


def too_many(request: HttpRequest, error: TooManyError, template: str, shown: Mapping[str, object]) -> HttpResponse:
    """Asked too often: the page, and when to come back, for people and for programs."""
    page = render(request, template, {"fault": told_when(error), **shown}, status=429)
    page.headers["Retry-After"] = str(error.retry_after)
    return page


def told_when(error: TooManyError) -> str:
    """That it was too often, and when it can go on."""
    words = str(error)
    return _("{words}. Possible again in {time}.").format(
        words=words[:1].upper() + words[1:], time=lasting(error.retry_after)
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The request could not be read. The page asks nothing of it: its host may be what is wrong."""
    return _bare_page(_("That request could not be read"), _("Something in it is malformed."), 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Somebody without the right."""
    words = str(exception) if isinstance(exception, PermissionDenied) and exception.args else _("This is for others.")
    return _page(request, _("Not for this account"), words, 403, SIGN_IN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Nothing has this address."""
    return _page(request, _("Not here"), _("Nothing has this address; perhaps it was mistyped."), 404)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A fault of ours. The page asks nothing of database or account: they may be what failed."""
    if isinstance(sys.exc_info()[1], OperationalError):
        return _away()
    words = _("It is our fault and has been written down. Nothing that you sent is lost if you send it again.")
    return _bare_page(_("Something broke here"), words, 500)


def _away() -> HttpResponse:
    """The database does not answer, or its disk is full or cannot be written: no fault of who asked, and it passes."""
    words = _("Nothing was stored. Nothing that you sent is lost if you send it again in a few minutes.")
    page = _bare_page(_("Not possible for the moment"), words, 503)
    page.headers["Retry-After"] = str(AWAY_SECONDS)
    return page


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The form came without its proof of origin."""
    words = _("Nothing was changed. Go back, reload the page and send the form again.")
    return _page(request, _("The form has expired"), words, 403)


def _method_refused(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    page = _page(
        request,
        _("That cannot be done here"),
        _("This address does not answer to {method}.").format(method=request.method),
        405,
    )
    page.headers["Allow"] = response.headers.get("Allow", "")
    return page


def _is_page(request: HttpRequest) -> bool:
    return not request.path.startswith("/api/")


def _bare_page(title: str, words: str, status: int) -> HttpResponse:
    page = {"title": title, "words": words, "action": HOME}
    return HttpResponse(render_to_string("error.html", page), status=status)


def _page(request: HttpRequest, title: Word, words: str, status: int, action: tuple[str, Word] = HOME) -> HttpResponse:
    return render(request, "error.html", {"title": title, "words": words, "action": action}, status=status)
