"""The digest as a page: the same as by mail, and how to get it there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from winnow.core.errors import NotFoundError
from winnow.services.digest import SPANS, digest_of
from winnow.services.mailbox import can_mail, mailbox_of
from winnow.web.access import account_of
from winnow.web.reader import reader_of

NAMES = {"daily": gettext_lazy("A day"), "weekly": gettext_lazy("A week")}


@require_safe
def digest(request: HttpRequest) -> HttpResponse:
    """The best of the last day or week under the tags that the visitor follows."""
    every = request.GET.get("every", "daily")
    if every not in SPANS:
        raise NotFoundError(f"there is no such digest; there are {', '.join(SPANS)}")
    account, reader = account_of(request), reader_of(request)
    shown = {
        "digest": digest_of(every=every, until=timezone.now(), followed=reader.followed, hidden=reader.hidden),
        "every": every,
        "spans": NAMES,
        "box": mailbox_of(account) if account else None,
        "can_mail": can_mail(),
    }
    return render(request, "digest.html", shown)
