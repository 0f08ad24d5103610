"""The feeds that a page names in its head.

Read with patterns in linear time: the page may be hostile, and all that is wanted are two kinds of tags.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from winnow.sources.links import absolute

# Some pages (YouTube's) name their feed only after half a megabyte of script.
MAX_PAGE = 1024 * 1024
MAX_FEEDS = 20
_TAG = re.compile(r"<(?P<name>link|base)\b(?P<rest>[^<>]{1,4096})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,20})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,30})", re.IGNORECASE)
_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_COMMENTS = re.compile(r"comment", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedFeed:
    """A feed that a page names, with the title that it gives it there."""

    address: str
    title: str


def named_feeds(body: bytes, address: str) -> tuple[NamedFeed, ...]:
    """The feeds of a page in its order, those of comments last; addresses are seen from the page, or from its base."""
    text = _without(_decoded(body[:MAX_PAGE]), "<!--", "-->")
    base, found = address, dict[str, NamedFeed]()
    for name, attributes in _tags(text):
        if name == "base":
            base = absolute(address, attributes.get("href", "")) or base
        elif _is_feed(attributes) and (link := absolute(base, attributes.get("href", ""))):
            found.setdefault(link, NamedFeed(link, attributes.get("title", "")))
    feeds = list(found.values())[:MAX_FEEDS]
    return tuple(sorted(feeds, key=lambda feed: bool(_COMMENTS.search(feed.title + feed.address))))


def _decoded(body: bytes) -> str:
    match = _CHARSET.search(body[:2048])
    try:
        return body.decode(match[1].decode("ascii") if match else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _without(text: str, opening: str, closing: str) -> str:
    """The text without what stands between the two; what is left open goes to the end."""
    pieces, start = [], 0
    while (opened := text.find(opening, start)) >= 0:
        pieces.append(text[start:opened])
        closed = text.find(closing, opened + len(opening))
        if closed < 0:
            return "".join(pieces)
        start = closed + len(closing)
    return "".join([*pieces, text[start:]])


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in _TAG.finditer(text):
        attributes = {
            name.lower(): html.unescape(double or single or bare)
            for name, double, single, bare in _ATTRIBUTE.findall(tag["rest"])
        }
        yield tag["name"].lower(), attributes


def _is_feed(attributes: dict[str, str]) -> bool:
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    return "alternate" in attributes.get("rel", "").lower().split() and kind in _TYPES
