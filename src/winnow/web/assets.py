"""Small files that are made and not stored."""

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from winnow.models import Tag
from winnow.web.colours import palette_css

YEAR = 365 * 24 * 3600


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def tags_css(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A colour for every tag, retired ones too: works may still bear them."""
    last = Tag.objects.aggregate(last=Max("position"))["last"]
    return HttpResponse(palette_css(0 if last is None else last + 1), content_type="text/css")


@require_safe
@cache_control(public=True, max_age=YEAR)
def favicon(request: HttpRequest) -> HttpResponse:
    """The mark: grain above the line, chaff below."""
    return render(request, "favicon.svg", content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: all that is published."""
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
