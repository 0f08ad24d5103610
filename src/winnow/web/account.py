"""A person's own account: password, tokens, and the way out."""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from winnow.core.errors import InputError
from winnow.models import Account
from winnow.queries.access import scopes_of
from winnow.queries.accounts import living_tokens
from winnow.services.accounts import delete_account
from winnow.services.invite import issue_token, revoke_token
from winnow.services.password import change_password
from winnow.web.access import requires
from winnow.web.address import address_of
from winnow.web.sign_in import BACKEND, new_password, told

GONE = gettext_lazy("Your account is deleted. What you said about works stays, without your name.")


@never_cache
@require_safe
@requires("account")
def account(request: HttpRequest, account: Account) -> HttpResponse:
    """What is known of the account, and what can be done with it."""
    return _page(request, account)


@never_cache
@sensitive_post_parameters("current", "new", "again")
@require_POST
@requires("account")
def password(request: HttpRequest, account: Account) -> HttpResponse:
    """Set or change the password; this visit goes on, all others end, and so do the tokens."""
    try:
        current = request.POST.get("current", "")
        change_password(account=account, new=new_password(request), current=current, address=address_of(request))
    except InputError as error:
        return _page(request, account, {"password_fault": told(error)}, status=422)
    login(request, account, backend=BACKEND)
    messages.success(request, _("Your password is set. Other visits and all tokens of yours have ended."))
    return redirect("/account")


@never_cache
@require_POST
@requires("account")
def add_token(request: HttpRequest, account: Account) -> HttpResponse:
    """Make a token and show it, this once, on the page that answers."""
    days = request.POST.get("days", "")
    lifetime = int(days) if days.isdecimal() and len(days) < 6 else 0
    scopes = request.POST.getlist("scope")
    try:
        issued = issue_token(name=_name(request), scopes=scopes, days=lifetime, account=account)
    except InputError as error:
        return _page(request, account, {"token_fault": told(error)}, status=422)
    return _page(request, account, {"issued": issued})


@require_POST
@requires("account")
def end_token(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    token = revoke_token(pk=pk, account=account)
    messages.success(request, _("The token {name} does not work any more.").format(name=token.name))
    return redirect("/account")


@require_POST
@requires("account")
def delete(request: HttpRequest, account: Account) -> HttpResponse:
    """Forget the person. The name is typed, so that no slip of the hand does it."""
    if request.POST.get("name", "").strip() != account.name:
        fault = _("Type the name of the account as it stands above.")
        return _page(request, account, {"delete_fault": fault}, status=422)
    delete_account(account=account, by=account)
    logout(request)
    messages.success(request, GONE)
    return redirect("/")


def _name(request: HttpRequest) -> str:
    name = request.POST.get("name", "").strip()
    if not name or not name.isprintable():
        raise InputError("name: " + _("give the token a name, so that you know it again"))
    return name


def _page(
    request: HttpRequest, account: Account, more: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    shown = {"account": account, "tokens": living_tokens(account), "scopes": scopes_of(account), **(more or {})}
    return render(request, "account.html", shown, status=status)
