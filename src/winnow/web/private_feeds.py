"""A feed of one's own selection, under an address that nobody can guess and that can be revoked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from winnow.models import Account
from winnow.queries.cursors import Page
from winnow.queries.selection import selected_items
from winnow.services.saved_searches import make_feed, reader_of_feed, revoke_feed
from winnow.web.access import requires
from winnow.web.feeds import feed_response
from winnow.web.lists import Listing


@never_cache
@require_safe
def feed(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The newest of the selection; no page holds it, so that it names the front page as its home."""
    account = reader_of_feed(code)
    page = Page(selected_items(account), None)
    listing = Listing(_("My selection"), _("Tags that I follow and searches that I keep."), f"/my/{code}", {}, page)
    response = feed_response(request, form, listing.feed())
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_POST
@requires("account")
def make(request: HttpRequest, account: Account) -> HttpResponse:
    """Make a private address and show it, this once."""
    code = make_feed(account=account)
    address = request.build_absolute_uri(f"/my/{code}.rss")
    messages.success(
        request, _("Your feed, shown this once: {address} (.atom and .json work as well)").format(address=address)
    )
    return redirect("/search")


@require_POST
@requires("account")
def revoke(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Let an address lead nowhere."""
    revoke_feed(pk=pk, account=account)
    messages.success(request, _("That feed's address leads nowhere now."))
    return redirect("/search")
