"""Whether readers find what they came for: counted as they read, shown to the owner, and asked of a few."""

import re
import time
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from winnow.core.experiments import FIND, FOLLOW, QUICK, REPORT, SAVE
from winnow.models import Account
from winnow.queries.items import item_of
from winnow.queries.value import value
from winnow.services.value import count, first_click, give_opinion, today
from winnow.web.access import account_of, requires
from winnow.web.arms import is_person, keep, note
from winnow.web.paths import item_path
from winnow.web.reader import COOKIE
from winnow.web.report import voice_of

# Holds when a visit began and whether it has found something; nothing else, and it ends with the visit.
VISIT, VISIT_SECONDS = "winnow-visit", 30 * 60
# Says that somebody was asked lately.
ASKED, ASKED_SECONDS = "winnow-asked", 7 * 24 * 3600
_LISTS = re.compile(r"/(recent|popular(/\w+)?|t/[\w-]+|search|for-you|digest|tags|saved)?$")
_ITEM = re.compile(r"/i/(\d{1,18})/[\w-]+$")
_SAVE = re.compile(r"/i/\d{1,18}/save$")
_FOLLOW = re.compile(r"/t/[\w-]+/follow$")
_REPORT = re.compile(r"/i/\d{1,18}/report$")
QUICK_SECONDS = 30.0
_BEGUN = re.compile(r"(\d{1,12}):([01])$")


class CountViews:
    """Middleware that counts the views of lists and works, visits, and how long a find took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, counted where somebody reads it."""
        response = self.get_response(request)
        if request.method == "POST" and request.GET.get("on") != "0":
            _done(request, response)
        elif _is_read(request, response):
            _view(request, response)
        keep(request, response)
        return response


@never_cache
@require_safe
@requires("value")
def figures(request: HttpRequest, _account: Account) -> HttpResponse:
    """The figures with what they mean, their intervals and n."""
    found = value(today())
    return render(request, "value.html", {"value": found, "views": [float(views) for _, views in found.views]})


@require_POST
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """A reader's answer to "is this tag right?"; `said=later` only puts the question away."""
    item = item_of(pk)
    said = request.POST.get("said", "")
    if said in ("yes", "no"):
        give_opinion(item=item, is_right=said == "yes", voice=voice_of(request))
        messages.success(request, _("Thank you. It helps to see how often tags are right."))
    response = redirect(item_path(item))
    response.set_cookie(ASKED, "1", max_age=ASKED_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of whom, and for how long."""
    return render(request, "privacy.html")


def _is_read(request: HttpRequest, response: HttpResponse) -> bool:
    is_page = response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
    return is_page and is_person(request)


def _done(request: HttpRequest, response: HttpResponse) -> None:
    """Something was done, not only asked for."""
    if _SAVE.match(request.path):
        count("save")
        note(request, SAVE)
        _find(request, response)
    elif response.status_code < 400 and not response.get("Location", "").startswith("/sign-in"):
        if _FOLLOW.match(request.path):
            note(request, FOLLOW)
        elif _REPORT.match(request.path):
            note(request, REPORT)


def _view(request: HttpRequest, response: HttpResponse) -> None:
    if found := _ITEM.match(request.path):
        count("view item", item=int(found[1]))
        _find(request, response)
    elif _LISTS.match(request.path):
        count("view list")
        if not _BEGUN.match(request.COOKIES.get(VISIT, "")):
            is_known = COOKIE in request.COOKIES or account_of(request) is not None
            count("visit again" if is_known else "visit new")
            _keep(request, response, f"{int(time.time())}:0")


def _find(request: HttpRequest, response: HttpResponse) -> None:
    """The first find of a visit is timed, the others are not."""
    note(request, FIND)
    begun = _BEGUN.match(request.COOKIES.get(VISIT, ""))
    if begun and begun[2] == "0":
        seconds = max(0.0, time.time() - int(begun[1]))
        first_click(seconds)
        if seconds < QUICK_SECONDS:
            note(request, QUICK)
        _keep(request, response, f"{begun[1]}:1")


def _keep(request: HttpRequest, response: HttpResponse, visit: str) -> None:
    response.set_cookie(VISIT, visit, max_age=VISIT_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure())
