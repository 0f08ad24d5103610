"""For programs that read the whole site: sitemaps, and lists of subscriptions."""

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from winnow.core.errors import NotFoundError
from winnow.queries.sitemap import n_parts, pages_of
from winnow.queries.tags import approved_tags
from winnow.services.discover import export_opml, feeds_as_opml

HOUR = 3600
XML = "application/xml; charset=utf-8"
OPML = "text/x-opml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_LISTS = ("/", "/recent", "/popular", "/tags", "/digest", "/sources", "/models", "/datasets")


@require_safe
@cache_control(public=True, max_age=HOUR)
def sitemap(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """All that is published, or, where one sitemap cannot hold it, the index of several (https://www.sitemaps.org)."""
    n = n_parts()
    if n == 1:
        return HttpResponse(_part(1), content_type=XML)
    places = (f"<sitemap><loc>{settings.BASE_URL}/sitemap-{part}.xml</loc></sitemap>" for part in range(1, n + 1))
    return HttpResponse(_written("sitemapindex", places), content_type=XML)


@require_safe
@cache_control(public=True, max_age=HOUR)
def part(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """One of the sitemaps that the index names. Raises NotFoundError."""
    if not 0 < number <= n_parts():
        raise NotFoundError("there is no such sitemap; /sitemap.xml names those that there are")
    return HttpResponse(_part(number), content_type=XML)


@require_safe
@cache_control(public=True, max_age=HOUR)
def sources_opml(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """All sources on the web, for feed readers."""
    return HttpResponse(export_opml(), content_type=OPML)


@require_safe
@cache_control(public=True, max_age=HOUR)
def tags_opml(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The feed of every tag here, for feed readers."""
    feeds = [(tag.name, f"{settings.BASE_URL}/t/{tag.slug}.rss") for tag in approved_tags()]
    return HttpResponse(feeds_as_opml(feeds), content_type=OPML)


def _part(number: int) -> str:
    lists = [*_LISTS, *(f"/t/{tag.slug}" for tag in approved_tags())] if number == 1 else []
    rows = [*((path, None) for path in lists), *pages_of(number)]
    return _written("urlset", (_place(path, at) for path, at in rows))


def _place(path: str, at: datetime | None) -> str:
    changed = f"<lastmod>{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if at else ""
    return f"<url><loc>{escape(settings.BASE_URL + path)}</loc>{changed}</url>"


def _written(root: str, rows: Iterator[str]) -> str:
    return f"{_HEAD}<{root} {_SPACE}>\n" + "\n".join(rows) + f"\n</{root}>\n"
