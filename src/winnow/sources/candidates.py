"""Fields as a source gives them to a Candidate: cleaned, bounded, and at fault where it can never be admitted."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from winnow.core.text import MAX_TITLE, clean
from winnow.core.values import Candidate, Fault
from winnow.sources.dates import plausible
from winnow.sources.links import is_web_address

MAX_AUTHOR = 200
MAX_LINKS = 8


def compose(
    identity: Sequence[str],
    *,
    title: str,
    description: str = "",
    url: str = "",
    published_at: datetime | None = None,
    author: str = "",
    links: Sequence[str] = (),
    signals: Mapping[str, float] | None = None,
) -> Candidate:
    """A Candidate of one entry; what `identity` holds names it within its source for ever."""
    cleaned = clean(title, MAX_TITLE)
    counted = {name: value for name, value in (signals or {}).items() if math.isfinite(value)}
    return Candidate(
        external_id=hashlib.sha256("\n".join(identity).encode("utf-8", "replace")).hexdigest(),
        title=cleaned,
        description=clean(description),
        url=url,
        published_at=plausible(published_at),
        author=clean(author, MAX_AUTHOR),
        fault=_fault(cleaned, url),
        links=others(links, url),
        signals=counted,
        signals_read_at=datetime.now(UTC) if counted else None,
    )


def others(links: Sequence[str], url: str) -> tuple[str, ...]:
    """Those links that lead to the web and are not the address itself, each once."""
    found = dict.fromkeys(link for link in links if link != url and is_web_address(link))
    return tuple(found)[:MAX_LINKS]


def _fault(title: str, url: str) -> Fault | None:
    if not title:
        return Fault("title", "is empty; an entry needs a title that can be read")
    if not url:
        return Fault("url", "is missing or not http(s); an entry needs an address on the web")
    return None
