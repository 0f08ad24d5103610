"""The approved list, and the page of one tag."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from winnow.queries.items import published_items
from winnow.queries.tags import tag_of, tags_with_figures


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """All approved tags with their figures."""
    figures = tags_with_figures()
    return render(request, "tags.html", {"figures": figures, "tags": [figure.tag for figure in figures]})


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """What a tag means, and all that bears it."""
    page = published_items(tag=tag_of(slug).slug, after=request.GET.get("after", ""))
    figures = tags_with_figures()
    shown = {
        "figures": next(figure for figure in figures if figure.tag.slug == slug),
        "tags": [figure.tag for figure in figures],
        "names": {figure.tag.slug: figure.tag.name for figure in figures},
        "page": page,
    }
    return render(request, "tag.html", shown)
