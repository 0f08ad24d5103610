"""Who asks, and whether they may: the doors' side of the table of rights."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from winnow.models import Account
from winnow.queries.access import RIGHTS, may
from winnow.queries.second_factor import lacks_second_factor
from winnow.web.phrases import coded

P = ParamSpec("P")
Guarded = Callable[Concatenate[HttpRequest, Account, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def account_of(request: HttpRequest) -> Account | None:
    """Who is signed in."""
    return request.user if isinstance(request.user, Account) else None


def rights_of(request: HttpRequest) -> set[str]:
    """What the visitor may do; without a second factor that is asked of them, only set one up."""
    account = account_of(request)
    if account is not None and lacks_second_factor(account):
        return {"account"}
    return {right for right in RIGHTS if may(request.user, right)}


def requires(right: str, *, without_second_factor: bool = False) -> Callable[[Guarded[P]], View[P]]:
    """Let in who has the right, and hand the account to the view; strangers are led to the sign-in page.

    Who lacks a second factor that is asked of them is led to where it is set up.
    """

    def guard(view: Guarded[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            account = account_of(request)
            if account is None:
                # A form cannot be sent again after signing in, so only a page that is read is worth returning to.
                back = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
                return redirect("/sign-in" + (f"?{urlencode(back)}" if back else ""))
            if not may(account, right):
                raise PermissionDenied(
                    _("Your account ({role}) does not have this right.").format(role=coded(account.role))
                )
            if not without_second_factor and lacks_second_factor(account):
                return redirect("/account/second-factor")
            return view(request, account, *args, **kwargs)

        return guarded

    return guard
