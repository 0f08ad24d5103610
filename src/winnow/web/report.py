"""A reader says that something about an Item is wrong, in one step."""

import hashlib
import re

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from winnow.core.errors import InputError
from winnow.models import Item, Report
from winnow.queries.items import item_at, item_of
from winnow.services.report import report_item
from winnow.services.value import today
from winnow.web.access import account_of
from winnow.web.address import address_of
from winnow.web.forms import ReportForm
from winnow.web.paths import item_path, local_or

THANKS = gettext_lazy("Thank you: a person will look.")
_PAGE = re.compile(r"/?i/(\d{1,18})(?:/|$)")
AGAIN = gettext_lazy("You have said so already: a person will look.")


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Store the report. A page gets back to where it was; a script that asks for plain text gets the one line."""
    account = account_of(request)
    if account is None and not settings.ANONYMOUS_REPORTS:
        return redirect("/sign-in")
    item = item_of(pk)
    form = ReportForm(request.POST)
    if not form.is_valid():
        raise InputError(f"{next(iter(form.errors))}: not one of the choices; go back and choose again")
    _, is_new = report_item(
        item=item,
        reporter=voice_of(request),
        kind=Report.Kind(form.cleaned_data["kind"] or Report.Kind.WRONG_TAG),
        tag=form.cleaned_data["tag"],
        copy_of=_named(form.cleaned_data["copy_of"]),
        note=form.cleaned_data["note"],
        account=account,
    )
    answer = THANKS if is_new else AGAIN
    if request.get_preferred_type(["text/html", "text/plain"]) == "text/plain":
        return HttpResponse(answer, content_type="text/plain; charset=utf-8")
    messages.success(request, answer)
    return redirect(local_or(request, request.POST.get("next", ""), item_path(item)))


def _named(address: str) -> Item | None:
    """The work of an address, be it that of its page here or its own; None where nothing is named."""
    address = address.strip()
    if not address:
        return None
    page = _PAGE.match(address.removeprefix(settings.BASE_URL))
    item = item_of(int(page[1])) if page else item_at(address)
    if item is None:
        raise InputError(
            "copy_of: " + _("no work here has that address; give the address of its page here, or its own")
        )
    return item


def voice_of(request: HttpRequest) -> str:
    """Who speaks, so that each is counted once: the account, or a hash of address and day that tells no address."""
    account = account_of(request)
    if account is not None:
        return f"account:{account.pk}"
    told = f"{address_of(request)} {today()} {settings.SECRET_KEY}"
    return f"anonymous:{hashlib.sha256(told.encode()).hexdigest()[:32]}"
