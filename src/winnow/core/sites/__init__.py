"""The table of sites whose addresses name a work. A new site is a new line in one of its files and in its test."""

from collections import defaultdict

from winnow.core.sites.code import CODES
from winnow.core.sites.media import MEDIA
from winnow.core.sites.papers import PAPERS
from winnow.core.sites.site import Facet, Match, Site

__all__ = ["SITES", "Facet", "Match", "Site", "work_at"]

SITES: tuple[Site, ...] = (*PAPERS, *CODES, *MEDIA)
_BY_HOST: defaultdict[str, list[Site]] = defaultdict(list)
_BY_SUFFIX: defaultdict[str, list[Site]] = defaultdict(list)
for _site in SITES:
    for _host in _site.hosts:
        (_BY_SUFFIX if _host.startswith("*.") else _BY_HOST)[_host.removeprefix("*.")].append(_site)


def work_at(host: str, path: str, query: str) -> Match | None:
    """The work that an address names, by the first line that knows it; all three in their canonical form."""
    for known in _lines_of(host):
        if match := known.match(host, path, query):
            return match
    return None


def _lines_of(host: str) -> list[Site]:
    found = list(_BY_HOST.get(host, ()))
    _, _, above = host.partition(".")
    while above:
        found += _BY_SUFFIX.get(above, ())
        _, _, above = above.partition(".")
    return found
