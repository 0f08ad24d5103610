"""Mail: the address of an account, and the links that lead here from mails.

Programs that look into mails open what is linked there, so opening changes nothing; a button does.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from winnow.models import Account
from winnow.services.mailbox import (
    DIGEST,
    address_to_confirm,
    choose,
    confirm_address,
    forget_address,
    set_address,
    stop,
    what_stops,
)
from winnow.web.access import requires

BACK = "/digest"


@never_cache
@require_POST
@requires("account")
def address(request: HttpRequest, account: Account) -> HttpResponse:
    """Take an address; a link goes there."""
    box = set_address(account=account, address=request.POST.get("mail", ""))
    messages.success(
        request, _("A link is on its way to {address}. It confirms the address.").format(address=box.address)
    )
    return redirect(BACK)


@never_cache
@require_POST
@requires("account")
def chosen(request: HttpRequest, account: Account) -> HttpResponse:
    """How often a digest comes, and whether answers do."""
    choose(account=account, every=request.POST.get("every", ""), wants_answers="answers" in request.POST)
    messages.success(request, _("That is how mails will come."))
    return redirect(BACK)


@never_cache
@require_POST
@requires("account")
def forget(request: HttpRequest, account: Account) -> HttpResponse:
    """Forget the address."""
    forget_address(account=account)
    messages.success(request, _("Your address is forgotten, and no mail will come."))
    return redirect(BACK)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Ask whether the address is to be used, and use it."""
    box = address_to_confirm(code)
    if request.method != "POST":
        says = _(
            "A digest of each day will come to {address}, and answers to what you send in. You can change that at any time."
        ).format(address=box.address)
        return _page(request, _("Confirm your address"), says, _("Confirm"))
    confirm_address(code)
    return _page(
        request,
        _("Confirmed"),
        _("Mails go to {address} from now on; the first digest comes within minutes.").format(address=box.address),
    )


@never_cache
@csrf_exempt  # A mail program sends this form without ever having seen a page of ours (RFC 8058); the code is the proof.
@require_http_methods(["GET", "HEAD", "POST"])
def stopped(request: HttpRequest, code: str) -> HttpResponse:
    """Ask whether a kind of mail is to stop, and stop it."""
    kind = _("digest") if what_stops(code) == DIGEST else _("mail with answers")
    if request.method != "POST":
        return _page(
            request, _("Stop the {kind}").format(kind=kind), _("No such mail will come any more."), _("Stop it")
        )
    stop(code)
    return _page(request, _("Stopped"), _("No {kind} will come any more. What you keep here stays.").format(kind=kind))


def _page(request: HttpRequest, title: str, says: str, button: str = "") -> HttpResponse:
    response = render(request, "mail_link.html", {"title": title, "says": says, "button": button})
    # The code in the address is nobody else's; with no referrer at all the button would come without its origin.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
