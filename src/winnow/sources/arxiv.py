"""The connector `arxiv`: queries to its interface, and the daily listings of a category."""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from winnow.core.text import MAX_TITLE, clean
from winnow.core.values import Candidate
from winnow.egress.client import Client
from winnow.sources.api import Leaf, host_of, newest_first, parts_of, replaced_query, with_query
from winnow.sources.base import Page
from winnow.sources.candidates import compose
from winnow.sources.feed import FeedConnector, page_of
from winnow.sources.parse import Entry, parse_feed

API = "https://export.arxiv.org/api/query"
LISTING = "https://rss.arxiv.org/atom/"
PER_PAGE = 100
# What arXiv asks programs to leave between two requests.
INTERVAL = 3.0
_CATEGORY = re.compile(r"/list/(?P<category>[a-z-]+(?:\.[A-Za-z-]+)?)(?:/.*)?", re.ASCII)
_PAPER = re.compile(r"/abs/(?P<id>.+?)(?:v\d+)?", re.ASCII)
_ANNOUNCED = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*\S+\s+(?:Abstract:\s*)?")


class ArxivConnector:
    """Queries and listings. The cursor of a query holds the newest paper, that of a listing its validators."""

    kind = "arxiv"

    def recognises(self, address: str) -> bool:
        """Listings, searches, and the interface; a paper is no source."""
        if host_of(address) in ("export.arxiv.org", "rss.arxiv.org"):
            return True
        return host_of(address) == "arxiv.org" and self.settled(address) != address

    def settled(self, address: str) -> str:
        """The feed of a category, the query of a search."""
        parts = parts_of(address)
        if host_of(address) != "arxiv.org":
            return address
        if match := _CATEGORY.fullmatch(parts.path):
            return f"{LISTING}{match['category']}"
        words = parse_qs(parts.query).get("query") if parts.path.startswith("/search") else None
        return f"{API}?{urlencode({'search_query': f'all:{words[0]}'}, safe=':')}" if words else address

    def missing(self, address: str) -> str:
        """Nothing: arXiv is open."""
        del address
        return ""

    def fetch(self, address: str, cursor: Mapping[str, str], client: Client) -> Page:
        """Read the newest papers of a query or a listing."""
        if urlsplit(address).path.endswith("/api/query"):
            return _read_query(address, cursor, client)
        page = FeedConnector().fetch(address, cursor, client)
        return replace(page, candidates=tuple(map(_without_announcement, page.candidates)))


def _read_query(address: str, cursor: Mapping[str, str], client: Client) -> Page:
    title = ""

    def ask(page: str) -> Leaf:
        nonlocal title
        response = client.fetch(page, interval=INTERVAL)
        feed = parse_feed(response.body, content_type=response.headers.get("content-type", ""), address=response.url)
        title = title or clean(feed.title, MAX_TITLE)
        start, wanted = (int(parse_qs(urlsplit(page).query)[name][0]) for name in ("start", "max_results"))
        is_full = len(feed.entries) >= wanted
        following = replaced_query(page, start=str(start + wanted)) if is_full else ""
        return Leaf(tuple(map(_paper, feed.entries)), following, response)

    order = {"sortBy": "submittedDate", "sortOrder": "descending", "start": "0", "max_results": str(PER_PAGE)}
    found, newest, response = newest_first(with_query(address, **order), cursor.get("newest", ""), ask)
    return replace(page_of(response), candidates=found, cursor={"newest": newest}, title=title)


def _paper(entry: Entry) -> Candidate:
    match = _PAPER.fullmatch(urlsplit(entry.link).path)
    return compose(
        # Without its version: a revised paper is the same entry.
        ("arxiv", match["id"] if match else entry.id),
        title=entry.title,
        description=entry.summary,
        url=entry.link,
        published_at=entry.published,
        author=entry.author,
        links=entry.links,
    )


def _without_announcement(candidate: Candidate) -> Candidate:
    return replace(candidate, description=_ANNOUNCED.sub("", candidate.description, count=1))
