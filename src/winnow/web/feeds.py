"""Any list as RSS, Atom or JSON Feed 1.1, at the address of its page with `.rss`, `.atom` or `.json` behind it.

Sources of the forms: RSS 2.0 and RFC 4287, as Django writes them; https://www.jsonfeed.org/version/1.1/
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape
from django.utils.translation import get_language

from winnow.web.phrases import Word

XML_FORMS: dict[str, type[Rss201rev2Feed | Atom1Feed]] = {"rss": Rss201rev2Feed, "atom": Atom1Feed}
FORMS = (*XML_FORMS, "json")
# Form and media type, for the links in the head of a page.
KINDS = (("rss", "application/rss+xml"), ("atom", "application/atom+xml"), ("json", "application/feed+json"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list. `path` is its page on this site, `at` the time by which the list is sorted."""

    path: str
    title: str
    summary: str
    at: datetime
    author: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A list: the path of its page, what chooses its rows, and the rows, newest first."""

    title: Word
    description: Word
    path: str
    query: dict[str, str]
    entries: Sequence[Entry]

    @property
    def search(self) -> str:
        """The query as it stands in an address, its question mark included, empty where nothing is chosen."""
        chosen = {key: value for key, value in self.query.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""


def feed_response(request: HttpRequest, form: str, feed: Feed) -> HttpResponse:
    """The list in one of FORMS, with addresses that hold outside this site."""
    own = request.build_absolute_uri(f"{feed.path}.{form}{feed.search}")
    page = request.build_absolute_uri(f"{feed.path}{feed.search}")
    if form == "json":
        return JsonResponse(_json(request, feed, own, page), content_type="application/feed+json")
    writer = XML_FORMS[form](
        title=str(feed.title),
        link=page,
        description=str(feed.description),
        subtitle=str(feed.description),
        feed_url=own,
        language=get_language() or "en",
    )
    for entry in feed.entries:
        address = request.build_absolute_uri(entry.path)
        writer.add_item(
            title=entry.title,
            link=address,
            # These forms hold HTML by convention; JSON Feed holds text.
            description=escape(entry.summary),
            unique_id=address,
            pubdate=entry.at,
            updateddate=entry.at,
            author_name=entry.author or None,
            categories=entry.categories,
        )
    return HttpResponse(writer.writeString("utf-8"), content_type=writer.content_type)


def _json(request: HttpRequest, feed: Feed, own: str, page: str) -> dict[str, Any]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": str(feed.title),
        "description": str(feed.description),
        "home_page_url": page,
        "feed_url": own,
        "language": get_language() or "en",
        "items": [_json_entry(request, entry) for entry in feed.entries],
    }


def _json_entry(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    address = request.build_absolute_uri(entry.path)
    row = {
        "id": address,
        "url": address,
        "title": entry.title,
        "content_text": entry.summary,
        "date_published": entry.at.astimezone(UTC).isoformat(),
        "tags": list(entry.categories),
    }
    return row | ({"authors": [{"name": entry.author}]} if entry.author else {})
