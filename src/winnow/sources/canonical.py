"""The address that a page gives for itself: `rel=canonical`, in its head or beside it (RFC 6596)."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from winnow.sources.links import absolute

# A head is at the beginning; more than this is no head.
MAX_HEAD = 128 * 1024
MAX_LINKS = 8 * 1024
# Bounded throughout, so that the time it takes grows as the header does.
_LINK_HEADER = re.compile(r"<([^<>]{1,2000})>\s{0,9}(?:;[^,<>]{0,500})?;\s{0,9}rel=\"?canonical\"?", re.IGNORECASE)


def canonical_link(url: str, headers: Mapping[str, str], body: bytes) -> str:
    """The canonical address of the page that answered at `url`, absolute; empty where it gives none.

    `headers` have lower-case names. The header comes before the head, as it does for those who read both.
    """
    if found := _LINK_HEADER.search(headers.get("link", "")[:MAX_LINKS]):
        return absolute(url, found[1])
    if "html" not in headers.get("content-type", ""):
        return ""
    head = _Head()
    head.feed(body[:MAX_HEAD].decode("utf-8", errors="replace"))
    return absolute(url, head.canonical)


class _Head(HTMLParser):
    """Reads the first canonical link before the body begins: what stands in a body may be a reader's comment."""

    def __init__(self) -> None:
        super().__init__()
        self.canonical = ""
        self._is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._is_over = self._is_over or tag == "body"
        if (
            tag == "link"
            and not self._is_over
            and not self.canonical
            and "canonical" in given.get("rel", "").lower().split()
        ):
            self.canonical = given.get("href", "")
