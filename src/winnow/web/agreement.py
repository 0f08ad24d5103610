"""How far reviewers agree, as figures and a picture."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from winnow.core.charts import SHARE, Axis, dot_chart
from winnow.models import Account
from winnow.queries.agreement import COPY, NOT_ML, rejudged
from winnow.queries.tags import approved_tags
from winnow.services.agreement import Agreement, agreement
from winnow.services.anchoring import anchoring
from winnow.web.access import requires
from winnow.web.pictures import drawn


@never_cache
@require_safe
@requires("adjudicate")
def figures(request: HttpRequest, _account: Account) -> HttpResponse:
    """Agreement in all, by tag, by reason and by pair of people; and what a changed guideline changed."""
    report = agreement()
    tags = list(approved_tags())
    names = {tag.slug: tag.name for tag in tags} | {NOT_ML: _("Not machine learning"), COPY: _("A copy")}
    shown = {
        "report": report,
        "tags": tags,
        "names": names,
        "picture": _picture([one for one in report.by_tag if one.n], names) if report.overall.n else "",
        "rejudged": rejudged(),
        "anchoring": anchoring(),
    }
    return render(request, "agreement.html", shown)


def _picture(rows: Sequence[Agreement], names: dict[str, str]) -> SafeString:
    """Gwet's AC1 of each tag with its interval."""
    points = [(names.get(one.name, one.name), one.ac1) for one in rows]
    return drawn(dot_chart(_("Gwet's AC1 by tag"), points, Axis("AC1", SHARE)))
