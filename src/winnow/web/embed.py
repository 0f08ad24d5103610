"""A list to show within other sites: the only page that may be framed, without script, form, session or cookie."""

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from winnow.queries.items import published_items
from winnow.queries.tags import tag_of

N_SHOWN = 10
HOUR = 3600


POLICY = {"frame-ancestors": ["*"], "script-src": [NONE], "form-action": [NONE], "connect-src": [NONE]}


@require_safe
@cache_control(public=True, max_age=HOUR)
@xframe_options_exempt
@csp_replace(POLICY)  # type: ignore[arg-type]  # typed for views that take nothing but the request
def embed(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - it is the same for everybody
    """The newest works of a tag. Raises NotFoundError."""
    tag = tag_of(slug)
    shown = {"tag": tag, "items": published_items(tag=slug, limit=N_SHOWN).rows, "base": settings.BASE_URL}
    # Without the request nothing of the visitor is even looked at.
    return HttpResponse(render_to_string("embed.html", shown))
