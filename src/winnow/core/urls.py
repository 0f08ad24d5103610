"""Which addresses lead to the same thing.

`canonical_url` is an address to compare by, never one to show: scheme, `www.`, trackers, order of parameters and the like
are gone from it. It is idempotent. `identity_keys` are the typed names of the work behind an address (`core.sites`).
When a rule changes, RULES_VERSION rises and stored values are computed again.
"""

import re
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from winnow.core.sites import Facet, Match, work_at
from winnow.core.sites.hosts import CODE_HOSTS, OWN_TRACKERS, one_host, unwrapped

RULES_VERSION = 2
MAX_URL = 2_000

_TRACKERS = re.compile(
    r"utm[_-]\w+|mtm_\w+|matomo_\w+|pk_\w+|piwik_\w+|hsa_\w+|_hs\w+|__hs\w+|mc_[ce]id|ml_subscriber\w*|fb_\w+|fbclid|gclid"
    r"|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|yclid|igshid|igsh|ttclid|li_fat_id|mkt_tok|oly_\w+_id|vero_\w+|wickedid"
    r"|srsltid|_ga|_gl|cmpid|ncid|ref_src|ref_url|referrer|trkinfo|trkcampaign|spm|share_id|linkid|guccounter|guce_\w+"
    r"|__twitter_impression|amp|ck_subscriber_id|rdt_cid|mibextid|epik|_openstat|_branch_match_id|_bta_\w+|bsft_\w+"
    r"|s_kwcid|s_cid|ef_id|elqtrack\w*|irclickid|irgwc|wt\.mc_\w+|xtor|at_(?:medium|campaign|custom\d)|smid|smtyp"
    r"|triedredirect|isfreemail|hootpostid|sr_share|phpsessid|jsessionid|aspsessionid\w*|nr_email_referer|mkwid|dm_i",
    re.IGNORECASE,
)
# `ref` names a referrer (a host or a known place) or a version (a branch, a tag, a commit): only the former goes.
_VERSION = re.compile(
    r"(?:v|version[-_]?|release[-_/]?|rel[-_/]?)?\d+(?:\.\d+)*(?:[.+_-]?(?:rc|a|b|alpha|beta|dev|post|x|final)[\w.]*)?|[0-9a-f]{7,40}"
    r"|refs/.*|(?:origin/)?(?:main|master|develop|dev|development|trunk|head|stable|latest|next|nightly|edge|canary|release"
    r"|beta|alpha|prod|production|staging|gh-pages|default|preview|tip|testing|unstable|experimental|current|lts)",
    re.IGNORECASE,
)
_REFERRER = re.compile(r"(?:https?://)?[\w.-]+\.[a-z]{2,}(?:[/:].*)?|[a-z][a-z_-]*", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:x?html?|php|aspx?|jsp|shtml)$", re.IGNORECASE)
_AMP = re.compile(r"(?<=[^/])(?:/amp|\.amp)(?:\.html)?/?$|^/amp(?=/.)", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/]*$", re.IGNORECASE)
_MAX_ROUNDS = 4
_SAFE = "!$&'()*+,;=:@~-._"
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*|\[[0-9a-f:.]+\]")


def canonical_url(url: str) -> str | None:
    """The address to compare by, or None where it is not http or https with a host."""
    parts, match = _read(url)
    if parts is None:
        return None
    return match.address if match else parts.plain


def identity_keys(url: str) -> tuple[str, ...]:
    """Typed names such as `arxiv:1706.03762`, and always the canonical address itself; empty where there is none."""
    parts, match = _read(url)
    if parts is None:
        return ()
    return (match.key, f"url:{match.address}") if match else (f"url:{parts.plain}",)


def facet_of(url: str) -> Facet:
    """What of a work is found at an address: its paper, its code, a talk about it; a page where nothing more is known."""
    match = _read(url)[1]
    return match.facet if match else Facet.PAGE


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


def _read(url: str) -> tuple[_Parts | None, Match | None]:
    """An address made plain, and the work that it names.

    The address of a work is read again until it stays what it is, so that no line of the table can break idempotence.
    """
    parts = _split(unwrapped(url.strip()))
    match = None
    for _ in range(_MAX_ROUNDS):
        found = _work(parts) if parts else None
        if found is None or found == match:
            break
        match, parts = found, _split(found.address)
    return parts, match


def _split(url: str) -> _Parts | None:
    # Blanks and backslashes are read as browsers read them; other white space is no part of an address.
    path, mark, rest = url.replace(" ", "%20").partition("?")
    url = path.replace("\\", "/") + mark + rest
    if len(url) > MAX_URL or any(c.isspace() or ord(c) < 0x20 for c in url):
        return None
    try:
        raw = urlsplit(url)
        port = raw.port
    except ValueError:
        return None
    host = one_host(_plain_host(raw.hostname or ""))
    if raw.scheme.lower() not in ("http", "https") or not host or raw.username is not None:
        return None
    if port is not None and port not in (80, 443):
        host = f"{host}:{port}"
    return _Parts(host, _plain_path(raw.path), _plain_query(raw.query, host), _route(raw.fragment))


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
    path = _SESSION.sub("", path)
    for segment in path.split("/"):
        if segment == "..":
            kept[-1:] = []
        elif segment not in ("", "."):
            kept.append(quote(_text(segment), safe=_SAFE, errors="surrogateescape"))
    plain = "/" + "/".join(kept)
    before = ""
    while plain != before:
        before, plain = plain, _AMP.sub("", _INDEX.sub("", plain))
    return plain if plain != "/" else ""


def _plain_query(query: str, host: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    own = OWN_TRACKERS.get(host, frozenset())
    kept = sorted((k, v) for k, v in pairs if not _is_tracker(k, v, host) and k.lower() not in own)
    return urlencode([(_composed(k), _composed(v)) for k, v in kept], errors="surrogateescape")


def _is_tracker(key: str, value: str, host: str) -> bool:
    if key.lower() != "ref":
        return bool(_TRACKERS.fullmatch(key))
    is_version = host in CODE_HOSTS or bool(_VERSION.fullmatch(value))
    return not is_version and bool(_REFERRER.fullmatch(value))


def _route(fragment: str) -> str:
    """A fragment is part of the address only where it is a route of a page that is drawn by script."""
    is_route = fragment.startswith(("!", "/")) and fragment.strip("!/") != ""
    return quote(_text(fragment), safe=_SAFE + "/?", errors="surrogateescape") if is_route else ""


def _text(escaped: str) -> str:
    return _composed(unquote(escaped, errors="surrogateescape"))


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _work(parts: _Parts) -> Match | None:
    """Old addresses of some sites carry their path behind a hash and a bang."""
    path = parts.fragment.removeprefix("!") if parts.fragment.startswith("!/") and not parts.path else parts.path
    return work_at(parts.host, path, parts.query)
