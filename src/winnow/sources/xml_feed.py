"""RSS, Atom and RDF to plain fields. Runs in the child process of `parse` alone."""

import codecs
import io
import re
from calendar import timegm
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser
import feedparser.api
from feedparser.encodings import convert_to_utf8

from winnow.core.errors import FetchError
from winnow.sources import expat
from winnow.sources.links import absolute
from winnow.sources.markup import plain
from winnow.sources.newest import newest
from winnow.sources.prescan import keep_newest

_DECLARED = re.compile(rb"encoding\s*=\s*[\"']([\w.:-]+)")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# In these, what a scan reads as harmless text turns into markup.
_DISGUISES = frozenset({"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape"})
_MARKUP = frozenset({"text/html", "application/xhtml+xml"})


def read_xml_feed(body: bytes, content_type: str, address: str) -> dict[str, Any]:
    """Title, entries and number left out. Raises FetchError `encoding`, `too_complex` or `not_a_feed`."""
    xml = _as_utf8(body, content_type)
    # Entities of entities are what crashes and floods parsers; anywhere, for a scan cannot know where a DOCTYPE ends.
    if b"<!entity" in xml.lower():
        raise FetchError("too_complex", "the feed declares entities of its own")
    xml, n_left_out = keep_newest(xml)
    parsed = _parse(xml)
    if not parsed.entries and not parsed.version:
        raise FetchError("not_a_feed", "the server sent something that is no feed")
    base = urljoin(address, parsed.feed.get("link", ""))
    kept, n_more = newest(parsed.entries, _moment)
    return {
        "title": _text(parsed.feed, "title"),
        "entries": [_entry(entry, base) for entry in kept],
        "left_out": n_left_out + n_more,
    }


def _parse(xml: bytes) -> Any:
    # Its list of modules that provide a parser, best first.
    feedparser.api.PREFERRED_XML_PARSERS[:] = [expat.__name__]
    # Sanitising and link repair of whole documents are slow there, and only text is kept here.
    return feedparser.parse(io.BytesIO(xml), sanitize_html=False, resolve_relative_uris=False)


def _as_utf8(body: bytes, content_type: str) -> bytes:
    """The document in the one encoding that is scanned and parsed."""
    head = body[:1024].replace(b"\0", b"")
    for match in (_DECLARED.search(head), _CHARSET.search(content_type.encode("latin-1", "replace"))):
        if match is not None and _codec(match[1].decode("ascii", "replace")) in _DISGUISES:
            raise FetchError("encoding", "the feed is in an encoding that is not read")
    xml: bytes = convert_to_utf8({"content-type": content_type} if content_type else {}, body, {})
    return xml


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def _entry(entry: Any, base: str) -> dict[str, str]:
    moment = _moment(entry)
    summary = _text(entry, "summary")
    if not summary and entry.get("content"):
        summary = _plain(entry.content[0])
    return {
        "id": entry.get("id", ""),
        "title": _text(entry, "title"),
        "summary": summary,
        "link": absolute(base, entry.get("link", "")),
        "published": moment.isoformat() if moment else "",
        "author": plain(entry.get("author", ""), is_markup=False),
    }


def _text(holder: Any, field: str) -> str:
    return _plain(holder.get(f"{field}_detail") or {"value": holder.get(field, "")})


def _plain(detail: Any) -> str:
    return plain(detail.get("value") or "", is_markup=detail.get("type") in _MARKUP)


def _moment(entry: Any) -> datetime | None:
    for field in ("published_parsed", "updated_parsed", "created_parsed"):
        # Asked for by its own name: feedparser answers for one field with another.
        if dict.get(entry, field):
            return _utc(entry[field])
    return None


def _utc(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
