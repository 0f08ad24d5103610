"""The connector `feed`: RSS, Atom, RDF and JSON Feed over HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from winnow.core.text import MAX_TITLE, clean
from winnow.core.values import Candidate
from winnow.egress.backoff import asked_wait, fresh_for
from winnow.egress.client import Client, Response
from winnow.egress.validators import echoable
from winnow.sources.base import Page
from winnow.sources.candidates import compose
from winnow.sources.known import known_feed
from winnow.sources.parse import Entry, Feed, parse_feed

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


class FeedConnector:
    """Any address on the web that answers with a feed. The cursor holds the validators of the last answer."""

    kind = "feed"

    def recognises(self, address: str) -> bool:
        """Every http or https address may be a feed."""
        return address.lower().startswith(("http://", "https://"))

    def settled(self, address: str) -> str:
        """The feed of a known service, where the address is a place there (see `known`); else itself."""
        return known_feed(address) or address

    def missing(self, address: str) -> str:
        """Nothing: feeds are open to all."""
        del address
        return ""

    def fetch(self, address: str, cursor: Mapping[str, str], client: Client) -> Page:
        """Read the feed once; a server that says "not modified" brings an unchanged page."""
        response = client.fetch(
            address,
            headers={"Accept": _ACCEPT},
            etag=cursor.get("etag", ""),
            last_modified=cursor.get("last_modified", ""),
        )
        if response.status == 304:
            return replace(page_of(response), cursor=cursor, is_unchanged=True)
        feed = parse_feed(response.body, content_type=response.headers.get("content-type", ""), address=response.url)
        return replace(
            page_of(response),
            candidates=candidates(feed),
            cursor=validators(response),
            title=clean(feed.title, MAX_TITLE),
            left_out=feed.left_out,
        )


def page_of(response: Response) -> Page:
    """What an answer says of itself: how long to wait, how long it is fresh, and whether the place has moved."""
    return Page(wait=asked_wait(response.headers), fresh_for=fresh_for(response.headers), moved_to=response.moved_to)


def candidates(feed: Feed) -> tuple[Candidate, ...]:
    """The entries of a feed as candidates; what can never be admitted says why."""
    return _dated([_candidate(entry) for entry in feed.entries])


def _dated(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """An entry without a date of its own has that of the nearest older one, so that it never tops a list by the lack."""
    dated: list[Candidate] = []
    nearest = next((one.published_at for one in found if one.published_at), None)
    for candidate in reversed(found):
        nearest = candidate.published_at or nearest
        dated.append(replace(candidate, published_at=nearest))
    return tuple(reversed(dated))


def _candidate(entry: Entry) -> Candidate:
    return compose(
        # A publisher may use one guid for several entries, so the link counts too; blanks around do not.
        (entry.id.strip() or entry.title.strip(), entry.link),
        title=entry.title,
        description=entry.summary,
        url=entry.link,
        published_at=entry.published,
        author=entry.author,
        links=entry.links,
        signals=entry.signals,
    )


def validators(response: Response) -> dict[str, str]:
    """What makes the next request conditional."""
    found = {
        "etag": echoable(response.headers.get("etag", "")),
        "last_modified": echoable(response.headers.get("last-modified", "")),
    }
    return {name: value for name, value in found.items() if value}
