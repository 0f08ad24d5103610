"""A cheap look at XML before the parser sees it: how deep, and where its entries stand."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from winnow.core.errors import FetchError
from winnow.sources.dates import parse_feed_date
from winnow.sources.newest import newest

MAX_DEPTH = 200

_TOKEN = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>"  # what is inside of these is no element
    rb"|<(?P<close>/?)(?P<name>[A-Za-z_][\w.:-]*+)[^>]*+>",
    re.DOTALL,
)
_ENTRIES = (b"item", b"entry")
_DATE = re.compile(rb"<(?:\w+:)?(?:pubDate|published|date|issued|updated|modified)\b[^>]*+>\s*([^<]*)", re.IGNORECASE)


@dataclass(slots=True)
class _Outline:
    """Open elements, and the spans of entries. A closing tag closes what was left open inside of its element."""

    open: list[bytes] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    _entry: tuple[int, int] | None = None  # where the open entry starts, and how deep

    def enter(self, name: bytes, start: int) -> None:
        if name.rpartition(b":")[2].lower() in _ENTRIES:
            self._end_entry(start)
            self._entry = (start, len(self.open))
        self.open.append(name)
        if len(self.open) > MAX_DEPTH:
            raise FetchError("too_complex", f"the feed is nested deeper than {MAX_DEPTH} elements")

    def leave(self, name: bytes, end: int) -> None:
        if name not in self.open:
            return
        while self.open.pop() != name:
            pass
        if self._entry is not None and len(self.open) <= self._entry[1]:
            self._end_entry(end)

    def _end_entry(self, end: int) -> None:
        if self._entry is not None:
            start, depth = self._entry
            self.spans.append((start, end))
            del self.open[depth:]
            self._entry = None


def entry_spans(xml: bytes) -> list[tuple[int, int]]:
    """Where the entries of a feed start and end; raises FetchError `too_complex` for one nested too deep."""
    outline = _Outline()
    for match in _TOKEN.finditer(xml):
        name = match["name"]
        if name is None:
            continue
        if match["close"]:
            outline.leave(name, match.end())
        elif xml[match.end() - 2] != ord("/"):
            outline.enter(name, match.start())
    return outline.spans


def keep_newest(xml: bytes) -> tuple[bytes, int]:
    """The feed with its newest entries alone, and how many were cut out: parsing all could take half a minute."""
    spans = entry_spans(xml)
    kept, n_left_out = newest(spans, lambda span: _date(xml, span))
    if not n_left_out:
        return xml, 0
    wanted, pieces, end = set(kept), [], 0
    for span in spans:
        if span not in wanted:
            pieces.append(xml[end : span[0]])
            end = span[1]
    return b"".join([*pieces, xml[end:]]), n_left_out


def _date(xml: bytes, span: tuple[int, int]) -> datetime | None:
    match = _DATE.search(xml, *span)
    return parse_feed_date(match[1].decode("utf-8", "replace")) if match else None
