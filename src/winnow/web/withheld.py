"""What was kept out, why, and the way back."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from winnow.core.errors import InputError
from winnow.models import Account, Item
from winnow.queries.cursors import Page
from winnow.queries.items import LEDGER, PROBATION, item_of, withheld_counts, withheld_items
from winnow.queries.search import matching_pks
from winnow.services.audit_withheld import lost_shares
from winnow.services.review import restore_item
from winnow.web.access import requires
from winnow.web.feeds import KINDS, Entry, Feed, feed_response
from winnow.web.paths import item_path
from winnow.web.phrases import reason_in_words

PATH = "/withheld"
# What waits because of its source is in review.
STATES = (Item.State.REJECTED, Item.State.DUPLICATE, Item.State.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which part of the ledger is asked for."""

    reason: str
    q: str
    page: Page[Item]

    @property
    def query(self) -> dict[str, str]:
        """As it stands in addresses."""
        return {"reason": self.reason, "q": self.q}


@require_safe
def withheld(request: HttpRequest) -> HttpResponse:
    """The ledger of what is not shown, by reason."""
    chosen = _chosen(request)
    counts = withheld_counts()
    shown = {
        "page": chosen.page,
        "counts": counts,
        "total": sum(counts.values()),
        "reason": chosen.reason,
        "q": chosen.q,
        "lost": lost_shares(),
        "feed": _feed(chosen),
        "feed_kinds": KINDS,
    }
    return render(request, "withheld.html", shown)


@require_safe
def feed(request: HttpRequest, form: str) -> HttpResponse:
    """The newest rows of the same part of the ledger, for feed readers and programs."""
    return feed_response(request, form, _feed(_chosen(request)))


@require_POST
@requires("restore")
def restore(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Bring an Item back into the queue."""
    item = item_of(pk)
    restore_item(item=item, account=account)
    messages.success(request, _("Restored: a person will look."))
    return redirect(item_path(item))


def _chosen(request: HttpRequest) -> Chosen:
    reason, q = request.GET.get("reason", ""), request.GET.get("q", "").strip()
    if reason and reason not in LEDGER:
        raise InputError(f"reason: {reason[:40]!r} is none of {', '.join(LEDGER)}")
    among = matching_pks(q, states=STATES) if q else None
    return Chosen(reason, q, withheld_items(reason=reason, among=among, after=request.GET.get("after", "")))


def _feed(chosen: Chosen) -> Feed:
    title = _("Withheld: {why}").format(why=reason_in_words(chosen.reason)) if chosen.reason else _("Withheld")
    return Feed(
        title=f"{title} · Winnow",
        description=_("What came in and is not shown, each with its reason."),
        path=PATH,
        query=chosen.query,
        entries=[_entry(item) for item in chosen.page.rows],
    )


def _entry(item: Item) -> Entry:
    kept_as = item.reason or PROBATION
    why = reason_in_words(kept_as)
    face = f" ({item.duplicate_of})" if item.duplicate_of else ""
    detail = f" {item.reason_detail}" if item.reason_detail else ""
    return Entry(
        path=item_path(item),
        title=str(item),
        summary=f"{why}{face}.{detail}",
        at=item.admitted_at,
        author=item.author,
        categories=(kept_as,),
    )
