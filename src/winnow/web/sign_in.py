"""Signing in by one-time link or by password, setting a new password by link, and signing out."""

import time

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from winnow.core.errors import InputError, NotFoundError, TooManyError
from winnow.models import Account, SignInLink
from winnow.queries.second_factor import has_second_factor
from winnow.services.invite import find_link, use_link
from winnow.services.password import WRONG, reset_password, sign_in_by_password
from winnow.web.address import address_of
from winnow.web.errors import too_many
from winnow.web.paths import local_or
from winnow.web.reader import move_in

# In the session of who has shown the first factor and not yet the second: account, proof of its state, time, way on.
WAITING, WAITS = "second-factor", 600
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and how to get a link. What is wrong with a pair is never told."""
    way_on = {"next": request.POST.get("next") or request.GET.get("next", "")}
    if request.method != "POST":
        return render(request, "sign_in.html", way_on)
    name = request.POST.get("name", "")
    try:
        account = sign_in_by_password(name=name, password=request.POST.get("password", ""), address=address_of(request))
    except NotFoundError:
        return render(request, "sign_in.html", {"name": name, "fault": f"{WRONG}.".capitalize(), **way_on}, status=422)
    except TooManyError as error:
        return too_many(request, error, "sign_in.html", {"name": name, **way_on})
    return _enter(request, account, way_on["next"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, code: str) -> HttpResponse:
    """One button, because mail scanners and previews follow links: only pressing it spends the link."""
    if request.method != "POST":
        return render(request, "sign_in_link.html", {"code": code, "next": request.GET.get("next", "")})
    return _enter(request, use_link(code), request.POST.get("next", ""))


@never_cache
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, code: str) -> HttpResponse:
    """Set a new password by a one-time link; only a password that can be one spends it."""
    if request.method != "POST":
        find_link(code, SignInLink.Purpose.RESET)
        return render(request, "reset.html", {"code": code})
    try:
        account = reset_password(code=code, new=new_password(request))
    except InputError as error:
        return render(request, "reset.html", {"code": code, "fault": told(error)}, status=422)
    return _enter(request, account, "/account")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this visit."""
    logout(request)
    messages.success(request, _("Signed out."))
    response = redirect("/")
    # Pages of the account that the browser still holds are not for who comes next (ASVS 14.3.1).
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def new_password(request: HttpRequest) -> str:
    """What was typed twice. Raises InputError where it was not."""
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        raise InputError("again: " + _("the two are not the same"))
    return new


def told(error: InputError) -> str:
    """The reason without the field, as a sentence."""
    reason = str(error).partition(": ")[2] or str(error)
    return f"{reason[0].upper()}{reason[1:].removesuffix('.')}."


def _enter(request: HttpRequest, account: Account, way_on: str) -> HttpResponse:
    """The first factor was right: begin the visit, or ask for the second where there is one."""
    if not has_second_factor(account):
        return begin_visit(request, account, way_on)
    logout(request)
    request.session[WAITING] = [account.pk, account.get_session_auth_hash(), int(time.time()), way_on[:2000]]
    return redirect("/second-factor")


def waiting_of(request: HttpRequest) -> tuple[Account, str] | None:
    """Who has shown the first factor in this session, and where they were going; None after ten minutes or a change."""
    pk, proof, since, way_on = request.session.get(WAITING) or (0, "", 0, "")
    account = Account.objects.filter(pk=pk, is_active=True).first()
    if account is None or time.time() - since > WAITS or account.get_session_auth_hash() != proof:
        return None
    return account, way_on


def begin_visit(request: HttpRequest, account: Account, way_on: str) -> HttpResponse:
    """Begin a visit under a new session, so that nobody knows its name from before."""
    request.session.pop(WAITING, None)
    login(request, account, backend=BACKEND)
    messages.success(request, _("Signed in as {name}.").format(name=account.name))
    return move_in(request, redirect(local_or(request, way_on, "/")))
