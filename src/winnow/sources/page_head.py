"""The feeds that a page names in its head.

Read with patterns in linear time: the page may be hostile, and all that is wanted are two kinds of tags.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from winnow.sources.links import absolute
from winnow.sources.page_tags import tags_named, tags_of, text_of

MAX_FEEDS = 20
_TAGS = tags_named("link|base")
_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_COMMENTS = re.compile(r"comment", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedFeed:
    """A feed that a page names, with the title that it gives it there."""

    address: str
    title: str


def named_feeds(body: bytes, address: str) -> tuple[NamedFeed, ...]:
    """The feeds of a page in its order, those of comments last; addresses are seen from the page, or from its base."""
    base, found = address, dict[str, NamedFeed]()
    for name, attributes in tags_of(text_of(body), _TAGS):
        if name == "base":
            base = absolute(address, attributes.get("href", "")) or base
        elif _is_feed(attributes) and (link := absolute(base, attributes.get("href", ""))):
            found.setdefault(link, NamedFeed(link, attributes.get("title", "")))
    feeds = list(found.values())[:MAX_FEEDS]
    return tuple(sorted(feeds, key=lambda feed: bool(_COMMENTS.search(feed.title + feed.address))))


def _is_feed(attributes: Mapping[str, str]) -> bool:
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    return "alternate" in attributes.get("rel", "").lower().split() and kind in _TYPES
