"""What was kept out, why, and the way back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from winnow.core.errors import InputError
from winnow.models import Account, Item
from winnow.queries.items import item_of, withheld_counts, withheld_items
from winnow.services.review import restore_item
from winnow.web.access import requires
from winnow.web.paths import item_path


@require_safe
def withheld(request: HttpRequest) -> HttpResponse:
    """The ledger of what is not shown, by reason."""
    reason, q = request.GET.get("reason", ""), request.GET.get("q", "").strip()
    if reason and reason not in Item.Reason.values:
        raise InputError(f"reason: {reason[:40]!r} is none of {', '.join(Item.Reason.values)}")
    page = withheld_items(reason=reason, q=q, after=request.GET.get("after", ""))
    counts = withheld_counts()
    shown = {"page": page, "counts": counts, "total": sum(counts.values()), "reason": reason, "q": q}
    return render(request, "withheld.html", shown)


@require_POST
@requires("restore")
def restore(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Bring an Item back into the queue."""
    item = item_of(pk)
    restore_item(item=item, account=account)
    messages.success(request, "Restored: a person will look.")
    return redirect(item_path(item))
