"""The approved list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from winnow.queries.tags import tags_with_figures


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """All approved tags with their figures."""
    figures = tags_with_figures()
    return render(request, "tags.html", {"figures": figures, "tags": [figure.tag for figure in figures]})
