"""Where content comes from."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from winnow.models import Account
from winnow.queries.sources import source_of, sources_with_figures
from winnow.services.sources import set_active
from winnow.web.access import requires


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Every source with what it brought and how its last reading went."""
    return render(request, "sources.html", {"figures": sources_with_figures()})


@require_POST
@requires("switch_sources")
def switch(request: HttpRequest, account: Account, name: str) -> HttpResponse:
    """Switch a source on (`on=yes`) or off; sending the same again changes nothing."""
    source = source_of(name)
    is_active = request.POST.get("on") == "yes"
    set_active(source=source, is_active=is_active, account=account)
    messages.success(request, f"{source} is {'on: it is read next' if is_active else 'off: what it brought stays'}.")
    return redirect("/sources")
