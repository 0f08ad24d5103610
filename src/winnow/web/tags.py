"""The approved list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from winnow.queries.tags import tags_with_figures
from winnow.services.tag_precision import precision_of_tags
from winnow.web.directories import announced


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """All approved tags with their figures side by side."""
    figures, audited = tags_with_figures(), precision_of_tags()
    rows = [(figure, audited.get(figure.tag.slug)) for figure in figures]
    return render(request, "tags.html", {"rows": rows, "tags": [figure.tag for figure in figures]} | announced("tags"))
