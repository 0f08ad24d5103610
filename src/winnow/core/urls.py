"""Which addresses lead to the same thing.

`canonical_url` is an address to compare by, never one to show: scheme, `www.`, trackers, order of parameters and the like
are gone from it. It is idempotent. `identity_keys` are the typed names of the work behind an address (`core.sites`).
When a rule changes, RULES_VERSION rises and stored values are computed again.
"""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from winnow.core.sites import SITES, Match

RULES_VERSION = 1
MAX_URL = 2_000

_TRACKERS = re.compile(
    r"utm_\w+|mtm_\w+|pk_\w+|piwik_\w+|hsa_\w+|_hs\w+|mc_[ce]id|ml_subscriber\w*|fb_\w+|fbclid|gclid|dclid|gbraid|wbraid"
    r"|msclkid|twclid|yclid|igshid|igsh|ttclid|li_fat_id|mkt_tok|oly_\w+_id|vero_\w+|wickedid|srsltid|_ga|_gl|cmpid|ncid"
    r"|ref_src|ref_url|referrer|source_?id|trk|trkinfo|spm|share_?id|si|feature|sk|gi|guccounter|guce_\w+|__twitter_impression|amp",
    re.IGNORECASE,
)
# `ref` names a referrer (a host or a known place) or a version (a branch, a tag, a commit): only the former goes.
_REFERRER = re.compile(
    r".*\.[a-z]{2,}(/.*)?|hn|hackernews|hackernoon|producthunt|reddit|twitter|linkedin|facebook|newsletter|rss|feed|email|share",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_AMP = re.compile(r"(?:/amp|\.amp)(?:\.html)?/?$", re.IGNORECASE)
_SAFE = "!$&'()*+,;=:@~-._"
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*|\[[0-9a-f:.]+\]")


def canonical_url(url: str) -> str | None:
    """The address to compare by, or None where it is not http or https with a host."""
    parts = _split(url)
    if parts is None:
        return None
    match = _site_match(parts)
    return match.address if match else parts.plain


def identity_keys(url: str) -> tuple[str, ...]:
    """Typed names such as `arxiv:1706.03762`, and always the canonical address itself; empty where there is none."""
    parts = _split(url)
    if parts is None:
        return ()
    match = _site_match(parts)
    return (match.key, f"url:{match.address}") if match else (f"url:{parts.plain}",)


def site_of(url: str) -> str:
    """The host as a reader knows it, without `www.`; empty where there is none."""
    parts = _split(url)
    return parts.host if parts else ""


class _Parts:
    """An address taken apart and made plain."""

    __slots__ = ("fragment", "host", "path", "plain", "query")

    def __init__(self, host: str, path: str, query: str, fragment: str) -> None:
        self.host, self.path, self.query, self.fragment = host, path, query, fragment
        self.plain = f"https://{host}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def _split(url: str) -> _Parts | None:
    url = url.strip()
    if len(url) > MAX_URL or any(c.isspace() or ord(c) < 0x20 for c in url):
        return None
    try:
        raw = urlsplit(url)
        port = raw.port
    except ValueError:
        return None
    host = _plain_host(raw.hostname or "")
    if raw.scheme.lower() not in ("http", "https") or not host or raw.username is not None:
        return None
    if port is not None and port not in (80, 443):
        host = f"{host}:{port}"
    return _Parts(host, _plain_path(raw.path), _plain_query(raw.query), _route(raw.fragment))


def _plain_host(host: str) -> str:
    host = host.rstrip(".")
    try:
        host = host.encode("idna").decode() if not host.isascii() else host.lower()
    except UnicodeError:
        return ""
    host = f"[{host}]" if ":" in host else host
    host = host.removeprefix("www.") if host.count(".") > 1 else host
    return host if _HOST.fullmatch(host) else ""


def _plain_path(path: str) -> str:
    """Dot segments, doubled and trailing slashes, index pages and AMP forms go; escapes take one form."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept[-1:] = []
        elif segment not in ("", "."):
            kept.append(quote(unquote(segment, errors="surrogateescape"), safe=_SAFE, errors="surrogateescape"))
    plain = "/" + "/".join(kept)
    before = ""
    while plain != before:
        before, plain = plain, _AMP.sub("", _INDEX.sub("", plain))
    return plain if plain != "/" else ""


def _plain_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = sorted((k, v) for k, v in pairs if not _is_tracker(k, v))
    return urlencode(kept, errors="surrogateescape")


def _is_tracker(key: str, value: str) -> bool:
    return bool(_TRACKERS.fullmatch(key)) or (key.lower() == "ref" and bool(_REFERRER.fullmatch(value)))


def _route(fragment: str) -> str:
    """A fragment is part of the address only where it is a route of a page that is drawn by script."""
    return quote(unquote(fragment), safe=_SAFE + "/?") if fragment.startswith(("!", "/")) else ""


def _site_match(parts: _Parts) -> Match | None:
    for site in SITES:
        if match := site.match(parts.host, parts.path, parts.query):
            return match
    return None
