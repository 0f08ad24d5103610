"""What an address is: a feed, a page that names one, a place at a known service."""

from collections.abc import Mapping
from dataclasses import dataclass

from winnow.core.errors import FetchError
from winnow.core.text import MAX_TITLE, clean
from winnow.egress.client import Client
from winnow.sources.dispatch import recognise
from winnow.sources.page_head import named_feeds
from winnow.sources.parse import parse_feed


@dataclass(frozen=True, slots=True)
class Found:
    """The connector's kind, the address to ask, and what the place calls itself there, as far as that is known."""

    kind: str
    address: str
    title: str = ""


def discover(address: str, client: Client, credentials: Mapping[str, str] | None = None) -> Found:
    """Look at an address: at its form first, and at what it answers where the form tells nothing.

    Raises FetchError: what the far side did, or `not_a_feed` for a page that names no feed.
    """
    connector = recognise(address, credentials)
    settled = connector.settled(address)
    if connector.kind != "feed" or settled != address:
        return Found(connector.kind, settled)
    response = client.fetch(address)
    try:
        feed = parse_feed(response.body, content_type=response.headers.get("content-type", ""), address=response.url)
    except FetchError as error:
        named = named_feeds(response.body, response.url)
        if not named:
            raise FetchError(error.code, f"{error}, and it names none") from error
        first = named[0]
        again = recognise(first.address, credentials)
        return Found(again.kind, again.settled(first.address), clean(first.title, MAX_TITLE))
    return Found("feed", response.moved_to or address, clean(feed.title, MAX_TITLE))
