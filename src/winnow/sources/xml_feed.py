"""RSS, Atom and RDF to plain fields. Runs in the child process of `parse` alone."""

import io
import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser
import feedparser.api
from feedparser.encodings import convert_to_utf8

from winnow.core.errors import FetchError
from winnow.sources import expat
from winnow.sources.encodings import is_refused
from winnow.sources.links import absolute
from winnow.sources.markup import plain
from winnow.sources.newest import newest
from winnow.sources.prescan import keep_newest

_DECLARED = re.compile(rb"encoding\s*=\s*[\"']([\w.:-]+)")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_CODE = re.compile(r"https?://(?:github\.com|gitlab\.com|huggingface\.co)/[\w./-]+[\w/]", re.ASCII)
_REFERENCE = re.compile(rb"&#(x[0-9a-f]{1,4000}|[0-9]{1,4000});?", re.IGNORECASE)
_COUNT = re.compile(r"\d{1,15}", re.ASCII)
_MARKUP = frozenset({"text/html", "application/xhtml+xml"})


def read_xml_feed(body: bytes, content_type: str, address: str) -> dict[str, Any]:
    """Title, entries and number left out. Raises FetchError `encoding`, `too_complex` or `not_a_feed`."""
    xml = _as_utf8(body, content_type)
    # Entities of entities are what crashes and floods parsers; anywhere, for a scan cannot know where a DOCTYPE ends,
    # and between zero bytes, for that is how UTF-16 looks that could not be told.
    if b"<!entity" in xml.replace(b"\0", b"").lower():
        raise FetchError("too_complex", "the feed declares entities of its own")
    xml, n_left_out = keep_newest(xml)
    parsed = _parse(xml)
    if not parsed.entries and not parsed.version:
        raise FetchError("not_a_feed", "the server sent something that is no feed")
    base = urljoin(address, parsed.feed.get("link", ""))
    kept, n_more = newest(parsed.entries, _moment)
    # Atom says of each text what it is; in RSS all of it is HTML, whatever a reader may guess.
    is_html = not parsed.version.startswith("atom")
    return {
        "title": _text(parsed.feed, "title", is_html=is_html),
        "entries": [_entry(entry, base, is_html=is_html) for entry in kept],
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
        if match is not None and is_refused(match[1].decode("ascii", "replace")):
            raise FetchError("encoding", "the feed is in an encoding that is not read")
    try:
        xml: bytes = convert_to_utf8({"content-type": content_type} if content_type else {}, body, {})
    except UnicodeError:
        # A document of parts in several encodings: what cannot be read is marked, the rest is there.
        xml = body.decode("utf-8", "replace").encode()
    return _REFERENCE.sub(_possible, xml)


def _possible(reference: re.Match[bytes]) -> bytes:
    """A character reference that names no character, which feedparser stumbles over, becomes a mark."""
    digits = reference[1].lower()
    number = int(digits[1:], 16) if digits.startswith(b"x") else int(digits)
    is_character = number <= 0x10FFFF and not 0xD800 <= number < 0xE000
    return reference[0] if is_character else b"&#xFFFD;"


def _entry(entry: Any, base: str, *, is_html: bool) -> dict[str, Any]:
    moment = _moment(entry)
    links = [link for link in (absolute(base, other) for other in _others(entry)) if link]
    counted = {"links": links, "signals": _signals(entry)}
    summary = _text(entry, "summary", is_html=is_html)
    if not summary and entry.get("content"):
        summary = _plain(entry.content[0], is_html=is_html)
    return {
        "id": entry.get("id", ""),
        "title": _text(entry, "title", is_html=is_html),
        "summary": summary,
        "link": absolute(base, entry.get("link", "")),
        "published": moment.isoformat() if moment else "",
        "author": plain(_author(entry), is_markup=False),
        **{name: value for name, value in counted.items() if value},
    }


def _author(entry: Any) -> str:
    """All authors where there are several: feedparser names the last as the author."""
    names = [author.get("name", "") for author in entry.get("authors", ())]
    return ", ".join(filter(None, names)) if len(names) > 1 else str(entry.get("author", ""))


def _others(entry: Any) -> Iterator[str]:
    """Other addresses of the same work: before a counter's redirect, where it is discussed, and what arXiv tells."""
    yield from (str(entry.get(field, "")) for field in ("feedburner_origlink", "comments"))
    if doi := entry.get("arxiv_doi"):
        yield f"https://doi.org/{doi}"
    # "Related" means the same work (its PDF, its DOI) at arXiv alone.
    if "arxiv.org/" in entry.get("id", ""):
        yield from (str(link.get("href", "")) for link in entry.get("links", ()) if link.get("rel") == "related")
        yield from _CODE.findall(entry.get("arxiv_comment", ""))


def _signals(entry: Any) -> dict[str, float]:
    """What feeds count: comments (Slash, Atom threading), and views at YouTube."""
    views = entry.get("media_statistics")
    counts = {
        "comments": entry.get("slash_comments") or entry.get("thr_total"),
        "views": views.get("views") if isinstance(views, dict) else None,
    }
    return {name: float(count) for name, count in counts.items() if count and _COUNT.fullmatch(str(count))}


def _text(holder: Any, field: str, *, is_html: bool) -> str:
    return _plain(holder.get(f"{field}_detail") or {"value": holder.get(field, "")}, is_html=is_html)


def _plain(detail: Any, *, is_html: bool) -> str:
    return plain(detail.get("value") or "", is_markup=is_html or detail.get("type") in _MARKUP)


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
