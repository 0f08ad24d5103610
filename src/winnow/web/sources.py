"""Where content comes from."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from winnow.core.errors import ConflictError
from winnow.models import Account
from winnow.queries.sources import history_of, source_of, sources_with_figures
from winnow.services.sources import BY_HAND, accept_move, missing_credentials, set_active, set_trust
from winnow.web.access import requires
from winnow.web.directories import announced


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Every source with what it brought and how its last reading went."""
    figures = [(one, missing_credentials(one.source)) for one in sources_with_figures()]
    return render(request, "sources.html", {"figures": figures} | announced("sources"))


@require_safe
def source(request: HttpRequest, name: str) -> HttpResponse:
    """One source: how its stream goes, against its own history."""
    found = source_of(name)
    context = {"source": found, "needs": missing_credentials(found), "history": history_of(found)}
    return render(request, "source.html", context)


@require_POST
@requires("switch_sources")
def decide(request: HttpRequest, account: Account, name: str) -> HttpResponse:
    """Trust a source (`trust=yes`), put it on probation (`trust=no`), or accept that it moved (`move=yes`)."""
    found = source_of(name)
    if request.POST.get("move") == "yes":
        try:
            accept_move(source=found, account=account)
            messages.success(request, _("{source} is read at its new address from now on.").format(source=found))
        except ConflictError as error:
            messages.error(request, _("Nothing was changed: {why}.").format(why=error))
    elif request.POST.get("trust") in ("yes", "no"):
        is_trusted = request.POST["trust"] == "yes"
        set_trust(source=found, is_trusted=is_trusted, reason=BY_HAND, account=account, is_by_hand=True)
        messages.success(
            request, (_("{source} is trusted.") if is_trusted else _("{source} is on probation.")).format(source=found)
        )
    return redirect(f"/sources/{found.name}")


@require_POST
@requires("switch_sources")
def switch(request: HttpRequest, account: Account, name: str) -> HttpResponse:
    """Switch a source on (`on=yes`) or off; sending the same again changes nothing."""
    found = source_of(name)
    is_active = request.POST.get("on") == "yes"
    set_active(source=found, is_active=is_active, account=account)
    words = _("{source} is on: it is read next.") if is_active else _("{source} is off: what it brought stays.")
    messages.success(request, words.format(source=found))
    return redirect("/sources")
