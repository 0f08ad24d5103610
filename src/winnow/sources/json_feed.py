"""JSON Feed (jsonfeed.org, versions 1 and 1.1) to plain fields. Runs in the child process of `parse` alone."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from winnow.core.errors import FetchError
from winnow.sources.dates import parse_feed_date
from winnow.sources.links import absolute
from winnow.sources.markup import plain
from winnow.sources.newest import newest
from winnow.sources.strict_json import DECODER

MAX_DEPTH = 64


def read_json_feed(body: bytes, address: str) -> dict[str, Any]:
    """Title, entries and number left out. Raises FetchError `not_a_feed` or `too_complex`."""
    feed = _load(body)
    if not isinstance(feed, dict) or "jsonfeed.org/version/" not in str(feed.get("version")):
        raise FetchError("not_a_feed", "the server sent JSON that is no JSON Feed")
    items = feed.get("items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise FetchError("not_a_feed", "the JSON Feed has no list of items")
    base = urljoin(address, _string(feed, "home_page_url"))
    kept, n_left_out = newest(items, _moment)
    return {"title": _string(feed, "title"), "entries": [_entry(item, base) for item in kept], "left_out": n_left_out}


def _load(body: bytes) -> Any:
    try:
        loaded = DECODER.decode(body.decode(json.detect_encoding(body)).removeprefix("\ufeff"))
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise FetchError("not_a_feed", "the server sent JSON that cannot be read") from None
    level, depth = [loaded], 0
    while level:
        level, depth = [child for value in level for child in _children(value)], depth + 1
        if depth > MAX_DEPTH:
            raise _too_deep()
    return loaded


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _too_deep() -> FetchError:
    return FetchError("too_complex", f"the JSON Feed is nested deeper than {MAX_DEPTH} levels")


def _entry(item: dict[str, Any], base: str) -> dict[str, Any]:
    moment = _moment(item)
    external = absolute(base, _string(item, "external_url"))
    return {
        "id": _string(item, "id"),
        "title": plain(_string(item, "title"), is_markup=False),
        "summary": _summary(item),
        "link": absolute(base, _string(item, "url") or _string(item, "external_url")),
        "published": moment.isoformat() if moment else "",
        "author": _author(item),
        **({"links": [external]} if external else {}),
    }


def _summary(item: dict[str, Any]) -> str:
    text = _string(item, "summary") or _string(item, "content_text")
    return plain(text, is_markup=False) if text else plain(_string(item, "content_html"), is_markup=True)


def _author(item: dict[str, Any]) -> str:
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    return _string(first, "name") if isinstance(first, dict) else ""


def _moment(item: dict[str, Any]) -> datetime | None:
    return parse_feed_date(_string(item, "date_published") or _string(item, "date_modified"))


def _string(holder: dict[str, Any], field: str) -> str:
    """A field as text; numbers are common as `id`, anything else counts as absent."""
    value = holder.get(field)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number or isinstance(value, str) else ""
