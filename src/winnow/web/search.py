"""The search: what was found, what it has in common, and what of the query could not be read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from winnow.models import Account
from winnow.queries.search import search
from winnow.queries.selection import private_feeds, saved_searches
from winnow.queries.tags import approved_tags
from winnow.services.saved_searches import forget_search, save_search
from winnow.web.access import account_of, requires
from winnow.web.arms import tagged
from winnow.web.feeds import KINDS
from winnow.web.lists import search_listing

SORTS = {"best": gettext_lazy("Best first"), "recent": gettext_lazy("Newest first")}
EXAMPLES = ("graph -survey", '"language model" tag:mlops', "is:code after:2026", "vision or audio", "site:github.com")


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """What is published and fits the query."""
    q, sort = request.GET.get("q", "").strip(), request.GET.get("sort", "best")
    sort = sort if sort in SORTS else "best"
    found = search(q, sort=sort, after=request.GET.get("after", ""))
    account, tags = account_of(request), list(approved_tags())
    tagged(request, found.page.rows, tags)
    shown = {
        "q": q,
        "sort": sort,
        "sorts": SORTS,
        "found": found,
        "page": found.page,
        "feed": search_listing(q, found.page).feed(),
        "feed_kinds": KINDS,
        "examples": EXAMPLES,
        "names": {tag.slug: tag.name for tag in tags},
        "kept": saved_searches(account) if account else [],
        "feeds": private_feeds(account) if account else [],
    }
    return render(request, "search.html", shown)


@require_POST
@requires("account")
def save(request: HttpRequest, account: Account) -> HttpResponse:
    """Keep a search."""
    kept = save_search(q=request.POST.get("q", ""), account=account)
    messages.success(
        request, _("Kept: {q}. It is among your searches below, and in your private feeds.").format(q=kept.q)
    )
    return redirect("/search")


@require_POST
@requires("account")
def forget(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Keep it no more."""
    forget_search(pk=pk, account=account)
    messages.success(request, _("That search is kept no more."))
    return redirect("/search")
