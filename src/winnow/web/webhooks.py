"""Webhooks and what was delivered to them, for operators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from winnow.core.errors import InputError
from winnow.models import Account
from winnow.queries.outbox import deliveries, webhook_of
from winnow.queries.outbox import webhooks as all_webhooks
from winnow.services.outbox import EVENTS
from winnow.services.webhooks import make_webhook, remove_webhook, switch_webhook, try_webhook
from winnow.web.access import requires
from winnow.web.sign_in import told

SAID = {"on": gettext_lazy("It is on."), "off": gettext_lazy("It is off, and what waited for it is given up.")}


@never_cache
@require_safe
@requires("operate")
def webhooks(request: HttpRequest, account: Account) -> HttpResponse:  # noqa: ARG001 - the right is enough
    """Every webhook with its newest deliveries."""
    return _page(request)


@never_cache
@require_POST
@requires("operate")
def make(request: HttpRequest, account: Account) -> HttpResponse:
    """Make one, and show its secret, this once, on the page that answers."""
    url, events = request.POST.get("url", ""), request.POST.getlist("event")
    try:
        hook, secret = make_webhook(url=url, events=events, account=account)
    except InputError as error:
        return _page(request, {"fault": told(error), "url": url, "chosen": events}, status=422)
    return _page(request, {"made": hook, "secret": secret})


@require_POST
@requires("operate")
def attempt(request: HttpRequest, account: Account, pk: int) -> HttpResponse:  # noqa: ARG001 - the right is enough
    """Send a test."""
    try_webhook(hook=webhook_of(pk))
    messages.success(request, _("A test is on its way. Reload this page to see how it went."))
    return redirect("/webhooks")


@require_POST
@requires("operate")
def switch(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Switch one on or off (`to`)."""
    to = "on" if request.POST.get("to") == "on" else "off"
    switch_webhook(hook=webhook_of(pk), is_on=to == "on", account=account)
    messages.success(request, SAID[to])
    return redirect("/webhooks")


@require_POST
@requires("operate")
def remove(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Forget one."""
    remove_webhook(hook=webhook_of(pk), account=account)
    messages.success(request, _("It is gone, with its deliveries."))
    return redirect("/webhooks")


def _page(request: HttpRequest, more: dict[str, object] | None = None, status: int = 200) -> HttpResponse:
    shown = [(hook, deliveries(hook)) for hook in all_webhooks()]
    return render(request, "webhooks.html", {"hooks": shown, "events": EVENTS, **(more or {})}, status=status)
