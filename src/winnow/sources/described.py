"""What a page says that it is about: its title and its description, as its head tells other programs."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from winnow.core.text import MAX_DESCRIPTION, MAX_TITLE, clean
from winnow.sources.page_tags import tags_named, tags_of, text_of

_META = tags_named("meta")
# Between two letters of an element that never ends nothing is looked at twice: the bound is the pattern's own.
_TITLE = re.compile(r"<title\b[^<>]{0,500}>([^<]{1,2000})", re.IGNORECASE)
# Papers name themselves best to those who cite, then to those who share.
_TITLES = ("citation_title", "dc.title", "og:title", "twitter:title")
_DESCRIPTIONS = ("citation_abstract", "dc.description", "og:description", "description", "twitter:description")
_BETWEEN = r"\s*[-|:·–—]\s*"
_PLAIN = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Described:
    """The clean title and description of a page; each may be empty."""

    title: str = ""
    description: str = ""


def described(headers: Mapping[str, str], body: bytes) -> Described:
    """What the head of a page says, nothing where it is no page. `headers` have lower-case names.

    The name of the site, where the page tells it, is no part of the title.
    """
    if not headers.get("content-type", "").lower().startswith(_PLAIN):
        return Described()
    text = text_of(body)
    said: dict[str, str] = {}
    for _, attributes in tags_of(text, _META):
        name = (attributes.get("name") or attributes.get("property") or "").lower()
        said.setdefault(name, clean(attributes.get("content", "")))
    title = _first(said, _TITLES) or _element(text)
    return Described(
        clean(_without_site(title, said.get("og:site_name", "")), MAX_TITLE),
        clean(_first(said, _DESCRIPTIONS), MAX_DESCRIPTION),
    )


def _first(said: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _element(text: str) -> str:
    found = _TITLE.search(text)
    return clean(html.unescape(found[1])) if found else ""


def _without_site(title: str, site: str) -> str:
    """`Segment anything - GitHub` and `GitHub - segment anything` are `segment anything`, on a site named GitHub."""
    if not site:
        return title
    name = re.escape(site)
    shorter = re.sub(rf"^{name}{_BETWEEN}(?=\S)|(?<=\S){_BETWEEN}{name}$", "", title, count=1, flags=re.IGNORECASE)
    return shorter or title
