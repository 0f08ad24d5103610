"""The owner's page: what is promised, what is measured, what burns, and what somebody must look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from winnow.core.charts import SHARE, Axis, dot_chart
from winnow.core.values import Interval
from winnow.models import Tag
from winnow.queries.alerts import closed_alerts, open_alerts
from winnow.queries.drift import newest_checks
from winnow.queries.tags import approved_tags
from winnow.services.promises import FALSE_ALARMS, Promises, as_json
from winnow.services.promises import promises as what_is_promised
from winnow.web.pictures import drawn

UPPER = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Row:
    """A tag, or all, with what was measured; `state` in words, `burns` where somebody must look."""

    name: str
    slug: str
    precision: Interval
    spent: float
    state: str
    burns: bool


@dataclass(frozen=True, slots=True)
class Live:
    """The live precision of a model as a picture and the rows of its table."""

    ref: str
    target: float
    rows: Sequence[Row]
    svg: str


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """The page, for anybody."""
    found = what_is_promised()
    shown = {
        "live": live_of(found, list(approved_tags())) if found else None,
        "alerts": list(open_alerts()),
        "closed": closed_alerts(),
        "checks": newest_checks(),
        "false_alarms": FALSE_ALARMS,
    }
    return render(request, "promises.html", shown)


@require_safe
def in_json(_request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    return JsonResponse(as_json())


def live_of(found: Promises, tags: Sequence[Tag]) -> Live:
    """What was measured of a model since it serves, overall first."""
    rows = [_whole(found), *(_row(tag, found) for tag in tags if tag.slug in found.budgets)]
    shown = [(row.name, row.precision) for row in rows if row.precision.n]
    low = UPPER if all(interval.low >= UPPER[0] for _, interval in shown) else SHARE
    svg = drawn(dot_chart(_("Live precision"), shown, Axis(_("share that is right"), low))) if shown else ""
    return Live(found.ref, found.target, rows, svg)


def _whole(found: Promises) -> Row:
    live = found.live
    allowed = 1.0 - found.target
    spent = (1.0 - live.precision.value) / allowed if live.precision.n else 0.0
    burns = live.alarmed_at is not None
    state = _("below what is promised: nothing more is published") if burns else _kept(live.precision, found.target)
    return Row(_("All works"), "", live.precision, spent, state, burns)


def _row(tag: Tag, found: Promises) -> Row:
    one = found.budgets[tag.slug]
    state = _kept(one.budget.precision, found.target)
    if one.is_burnt and one.threshold is None:
        state = _("burnt: people decide")
    elif one.is_burnt:
        state = _("burnt: threshold raised to {threshold}").format(threshold=f"{one.threshold:.2f}")
    elif one.threshold is None:
        state = _("people decide: nothing is certified")
    return Row(tag.short, tag.slug, one.budget.precision, one.budget.spent, state, one.is_burnt)


def _kept(precision: Interval, target: float) -> str:
    """What the audits say of a promise that is not burnt."""
    if precision.n == 0:
        return _("not yet audited")
    return _("kept") if precision.low >= target else _("not contradicted")
