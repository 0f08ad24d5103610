"""How it goes, for operators: what is wrong, the figures, and the ML Test Score with its evidence."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from winnow.models import Account
from winnow.queries.alerts import open_alerts
from winnow.queries.metrics import metrics
from winnow.services.ready import is_ready
from winnow.services.test_score import score
from winnow.web.access import requires


@never_cache
@require_safe
@requires("operate")
def status(request: HttpRequest, _account: Account) -> HttpResponse:
    """Open alerts first, because somebody must look at them."""
    shown = {"is_ready": is_ready(), "alerts": open_alerts(), "metrics": metrics(), "score": score()}
    return render(request, "status.html", shown)
