"""The connector `feed`: RSS, Atom, RDF and JSON Feed over HTTP."""

import hashlib
from collections.abc import Mapping

from winnow.core.text import MAX_TITLE, clean
from winnow.core.values import Candidate, Fault
from winnow.egress.backoff import retry_after
from winnow.egress.client import Client, Response
from winnow.egress.validators import echoable
from winnow.sources.base import Page
from winnow.sources.dates import plausible
from winnow.sources.parse import Entry, Feed, parse_feed

MAX_AUTHOR = 200
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


class FeedConnector:
    """Any address on the web that answers with a feed. The cursor holds the validators of the last answer."""

    kind = "feed"

    def recognises(self, address: str) -> bool:
        """Every http or https address may be a feed."""
        return address.lower().startswith(("http://", "https://"))

    def fetch(self, address: str, cursor: Mapping[str, str], client: Client) -> Page:
        """Read the feed once; a server that says "not modified" brings an unchanged page."""
        response = client.fetch(
            address,
            headers={"Accept": _ACCEPT},
            etag=cursor.get("etag", ""),
            last_modified=cursor.get("last_modified", ""),
        )
        wait = retry_after(response.headers.get("retry-after", ""))
        if response.status == 304:
            return Page(cursor=cursor, is_unchanged=True, wait=wait, moved_to=response.moved_to)
        feed = parse_feed(response.body, content_type=response.headers.get("content-type", ""), address=response.url)
        return Page(
            candidates=candidates(feed),
            cursor=_validators(response),
            title=clean(feed.title, MAX_TITLE),
            left_out=feed.left_out,
            wait=wait,
            moved_to=response.moved_to,
        )


def candidates(feed: Feed) -> tuple[Candidate, ...]:
    """The entries of a feed as candidates; what can never be admitted says why."""
    return tuple(map(_candidate, feed.entries))


def _candidate(entry: Entry) -> Candidate:
    title = clean(entry.title, MAX_TITLE)
    return Candidate(
        external_id=_identity(entry),
        title=title,
        description=clean(entry.summary),
        url=entry.link,
        published_at=plausible(entry.published),
        author=clean(entry.author, MAX_AUTHOR),
        fault=_fault(title, entry.link),
    )


def _identity(entry: Entry) -> str:
    """A publisher may use one guid for several entries, so the link counts too; blanks around do not."""
    name = entry.id.strip() or entry.title.strip()
    return hashlib.sha256(f"{name}\n{entry.link}".encode("utf-8", "replace")).hexdigest()


def _fault(title: str, link: str) -> Fault | None:
    if not title:
        return Fault("title", "is empty; an entry needs a title that can be read")
    if not link:
        return Fault("url", "is missing or not http(s); an entry needs an address on the web")
    return None


def _validators(response: Response) -> dict[str, str]:
    found = {
        "etag": echoable(response.headers.get("etag", "")),
        "last_modified": echoable(response.headers.get("last-modified", "")),
    }
    return {name: value for name, value in found.items() if value}
