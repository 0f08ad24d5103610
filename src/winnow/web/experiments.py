"""Experiments on readers, for the owner: written down, started, watched, stopped."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from winnow.core.charts import Axis, dot_chart
from winnow.core.errors import InputError
from winnow.core.experiments import GUARDED, KNOBS, MAX_DAYS, OUTCOMES, READER, Outcome
from winnow.core.values import Interval
from winnow.models import Account
from winnow.queries.experiments import all_experiments, counts_of, events_of, experiment_of
from winnow.services.experiments import Found, found_of, make_experiment, start_experiment, stop_experiment
from winnow.web.access import requires
from winnow.web.pictures import drawn

# What a form begins with: all readers, four weeks, 2 reports more and 20 finds fewer in a thousand readers.
BEGIN = {"share": "100", "days": "28", "report": "2", "find": "20"}
TEXTS, NUMBERS = ("name", "hypothesis", "knob", "primary"), ("share", "days", *GUARDED)
# How far a picture reaches to both sides, in readers per thousand.
REACHES = (5, 10, 20, 50, 100, 200, 500)
STOPPED = gettext_lazy("It is stopped: all readers see what everybody sees.")


@dataclass(frozen=True, slots=True)
class Row:
    """One outcome on both sides, in readers per thousand; `margin` where a guard stands at it."""

    outcome: Outcome
    shares: tuple[float, float]
    of: Interval
    is_primary: bool
    margin: float | None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires("experiments")
def experiments(request: HttpRequest, account: Account) -> HttpResponse:
    """Every experiment, and the form that writes another down."""
    if request.method != "POST":
        return _list(request)
    try:
        made = make_experiment(**_planned(request), account=account)
    except InputError as error:
        return _list(request, {"fault": str(error), "form": request.POST}, status=422)
    messages.success(request, _("It is written down. Start it when you are ready."))
    return redirect(f"/experiments/{made.name}")


@never_cache
@require_safe
@requires("experiments")
def experiment(request: HttpRequest, account: Account, name: str) -> HttpResponse:  # noqa: ARG001 - the right is enough
    """One experiment: what it asks, what is shown by now, and what was decided about it."""
    row = experiment_of(name)
    found = found_of(row, counts_of(row))
    rows = [_row(outcome, found, row.primary) for outcome in OUTCOMES.values()]
    shown = {
        "experiment": row,
        "knob": KNOBS[row.knob],
        "primary": OUTCOMES[row.primary],
        "found": found,
        "rows": rows,
        "picture": _picture(rows) if sum(found.n) else "",
        "events": events_of(row),
    }
    return render(request, "experiment.html", shown)


@require_POST
@requires("experiments")
def start(request: HttpRequest, account: Account, name: str) -> HttpResponse:
    """Let readers in."""
    start_experiment(experiment=experiment_of(name), account=account)
    messages.success(request, _("It runs."))
    return redirect(f"/experiments/{name}")


@require_POST
@requires("experiments")
def stop(request: HttpRequest, account: Account, name: str) -> HttpResponse:
    """End it, with the reason that was given."""
    why = request.POST.get("why", "").strip() or "no reason was given"
    is_mine = stop_experiment(experiment=experiment_of(name), why=why, account=account)
    messages.success(request, STOPPED if is_mine else _("It does not run, so nothing was stopped."))
    return redirect(f"/experiments/{name}")


def _list(request: HttpRequest, more: dict[str, object] | None = None, status: int = 200) -> HttpResponse:
    shown = {
        "experiments": [(row, KNOBS[row.knob]) for row in all_experiments()],
        "knobs": KNOBS.values(),
        "outcomes": OUTCOMES.values(),
        "form": BEGIN,
        "most_days": MAX_DAYS,
    }
    return render(request, "experiments.html", shown | (more or {}), status=status)


def _planned(request: HttpRequest) -> dict[str, Any]:
    """The form as the service takes it. Raises InputError for what is no number."""
    numbers = {name: _number(name, request.POST.get(name, "")) for name in NUMBERS}
    return {
        **{name: request.POST.get(name, "").strip() for name in TEXTS},
        "share": numbers["share"] / 100,
        "days": int(numbers["days"]),
        "margins": {name: numbers[name] / 1000 for name in GUARDED},
    }


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -1e6 < value < 1e6:
        raise InputError(f"{name}: a number, such as {BEGIN[name]}")
    return value


def _row(outcome: Outcome, found: Found, primary: str) -> Row:
    guard = found.guards.get(outcome.name)
    shares = found.shares[outcome.name]
    margin = None if guard is None else guard.margin
    return Row(outcome, shares, found.differences[outcome.name], outcome.name == primary, margin)


def _picture(rows: Iterable[Row]) -> SafeString:
    """What the variant changes, in readers per thousand."""
    points = [
        (row.outcome.name, Interval(1000 * row.of.value, 1000 * row.of.low, 1000 * row.of.high, row.of.n))
        for row in rows
    ]
    widest = max(max(abs(of.low), abs(of.high)) for _, of in points)
    reach = next((reach for reach in REACHES if reach >= widest), 1000)
    axis = Axis(f"more {READER}s per thousand on the variant's side", (-reach, -reach / 2, 0, reach / 2, reach))
    return drawn(dot_chart("What the variant changes", points, axis))
