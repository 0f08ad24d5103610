"""The tags of a page that may be hostile, found by patterns in linear time: no page is parsed as a whole."""

import html
import re
from collections.abc import Iterator

from winnow.sources.encodings import is_refused

# Some pages (YouTube's) come to the point only after half a megabyte of script.
MAX_PAGE = 1024 * 1024
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,20})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,30})", re.IGNORECASE)


def tags_named(names: str) -> re.Pattern[str]:
    """The pattern of the tags of these names, written as `link|base`, for `tags_of`."""
    return re.compile(rf"<(?P<name>{names})\b(?P<rest>[^<>]{{1,8192}})>", re.IGNORECASE)


def text_of(body: bytes) -> str:
    """The beginning of a page as text, in the encoding that it says, without its comments."""
    return _without(_decoded(body[:MAX_PAGE]), "<!--", "-->")


def tags_of(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The tags in their order: the name in lower case, and the attributes with their references resolved."""
    for tag in pattern.finditer(text):
        attributes = {
            name.lower(): html.unescape(double or single or bare)
            for name, double, single, bare in _ATTRIBUTE.findall(tag["rest"])
        }
        yield tag["name"].lower(), attributes


def _decoded(body: bytes) -> str:
    match = _CHARSET.search(body[:2048])
    given = match[1].decode("ascii") if match else "utf-8"
    try:
        return body.decode("utf-8" if is_refused(given) else given, "replace")
    except (LookupError, UnicodeError):
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
