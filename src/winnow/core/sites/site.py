"""A line of the table: how the addresses of one site name a work."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote

# Where a pattern begins to read the query: any parameters may stand before the one that counts.
ASKS = r"\?(?:.*&)?"
_SAFE = "/!$&'()*+,;=:@~-._"


class Facet(StrEnum):
    """What of a work is found at an address."""

    PAPER = "paper"
    CODE = "code"
    DEMO = "demo"
    TALK = "talk"
    DISCUSSION = "discussion"
    ARTICLE = "article"
    DATASET = "dataset"
    MODEL = "model"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Match:
    """The typed key of a work, its one address, and what of the work is found there."""

    key: str
    address: str
    facet: Facet


@dataclass(frozen=True, slots=True)
class Site:
    """Addresses on `hosts` whose path and query match `pattern` are the work `kind:key`, at `address`.

    `key` and `address` are format strings over the named groups of the pattern. A host `*.example.com` stands for
    every host below it; what stands before is the group `sub`, the whole host is `host`. `folds` names the groups whose letter case is nothing.
    """

    kind: str
    facet: Facet
    hosts: tuple[str, ...]
    pattern: re.Pattern[str]
    key: str
    address: str
    folds: frozenset[str]

    def match(self, host: str, path: str, query: str) -> Match | None:
        """The work behind the address, or None; path and query come in their canonical form."""
        sub = self._below(host)
        if sub is None:
            return None
        found = self.pattern.fullmatch(unquote(path) + (f"?{query}" if query else ""))
        if found is None:
            return None
        groups = {"sub": sub, "host": host} | {name: value or "" for name, value in found.groupdict().items()}
        groups = {name: value.lower() if name in self.folds else value for name, value in groups.items()}
        address = self.address.format(**{name: quote(value, safe=_SAFE) for name, value in groups.items()})
        return Match(f"{self.kind}:{self.key.format(**groups)}", address, self.facet)

    def _below(self, host: str) -> str | None:
        """What stands before the site's own host; None where this is another site."""
        for own in self.hosts:
            if own == host:
                return ""
            if own.startswith("*.") and host.endswith(own[1:]):
                return host.removesuffix(own[1:])
        return None


def site(kind: str, facet: Facet, hosts: str, pattern: str, key: str, address: str, *, folds: str = "") -> Site:
    """A line; `hosts` are set apart by blanks. `folds="*"` makes letter case nothing anywhere.

    A query that the pattern does not ask for (by ASKS) is no part of the name; a pattern that ends in `$` allows none.
    """
    asks = pattern.endswith("$") or ASKS in pattern
    open_end = pattern if asks else rf"{pattern}(?:\?.*)?"
    compiled = re.compile(open_end, re.IGNORECASE if folds else 0)
    names = frozenset(compiled.groupindex) if folds == "*" else frozenset(folds.split())
    return Site(kind, facet, tuple(hosts.split()), compiled, key, address, names)
