"""Hosts that are one site, parameters that mean nothing on theirs, and addresses that wrap another."""

import re
from urllib.parse import parse_qs, unquote

_ALIASES = {
    "x.com": "twitter.com mobile.twitter.com m.twitter.com mobile.x.com m.x.com",
    "reddit.com": "old.reddit.com np.reddit.com new.reddit.com i.reddit.com m.reddit.com sh.reddit.com amp.reddit.com"
    " en.reddit.com pay.reddit.com ssl.reddit.com teddit.net libreddit.de redlib.catsarch.com",
    "youtube.com": "m.youtube.com",
    "huggingface.co": "hf.co m.huggingface.co",
    "doi.org": "dx.doi.org doi.acm.org",
    "nbviewer.org": "nbviewer.jupyter.org nbviewer.ipython.org",
    "github.com": "m.github.com",
    "medium.com": "m.medium.com",
    "kaggle.com": "m.kaggle.com",
    "aclanthology.org": "aclanthology.com",
    "openreview.net": "api.openreview.net",
}
_ONE_HOST = {alias: host for host, aliases in _ALIASES.items() for alias in aliases.split()}
_MOBILE_WIKI = re.compile(r"(?P<tongue>[a-z-]+)\.(?:m|mobile)\.(?P<site>wikipedia|wiktionary|wikibooks|wikimedia)\.org")
# Parameters that are trackers on these sites and may mean something elsewhere.
_OWN_TRACKERS = {
    "youtube.com": "si feature ab_channel pp app themerefresh gl hl",
    "youtu.be": "si feature",
    "open.spotify.com": "si nd",
    "medium.com": "source sk gi",
    "x.com": "s t",
    "linkedin.com": "trk lipi midtoken rcm",
    "amazon.com": "ref tag linkcode psc pd_rd_i pd_rd_r pd_rd_w pd_rd_wg pf_rd_p pf_rd_r",
    "gitlab.com": "ref_type",
}
OWN_TRACKERS = {host: frozenset(names.split()) for host, names in _OWN_TRACKERS.items()}
# On these, `ref` is a branch, a tag or a commit.
CODE_HOSTS = frozenset({"gitlab.com", "bitbucket.org", "codeberg.org", "api.github.com", "raw.githubusercontent.com"})

_IN_PATH = re.compile(
    r"https?://(?:(?:www\.)?google\.[a-z.]{2,6}/amp|[\w-]+\.cdn\.ampproject\.org/[acirvw])/(?P<tls>s/)?(?P<rest>[\w-]+\..+)",
    re.IGNORECASE,
)
_IN_QUERY = (
    (re.compile(r"https?://(?:www\.)?google\.[a-z.]{2,6}/url\?(?P<query>.+)", re.IGNORECASE), ("q", "url"), ""),
    (re.compile(r"https?://(?:l|lm)\.facebook\.com/l\.php\?(?P<query>.+)", re.IGNORECASE), ("u",), ""),
    (re.compile(r"https?://out\.reddit\.com/[^?]*\?(?P<query>.+)", re.IGNORECASE), ("url",), ""),
    (re.compile(r"https?://(?:www\.)?youtube\.com/redirect\?(?P<query>.+)", re.IGNORECASE), ("q",), ""),
    (
        re.compile(r"https?://(?:www\.)?youtube\.com/attribution_link\?(?P<query>.+)", re.IGNORECASE),
        ("u",),
        "https://youtube.com",
    ),
)
_MAX_WRAPPINGS = 3


def one_host(host: str) -> str:
    """The name by which all hosts of a site go.

    >>> one_host("old.reddit.com"), one_host("de.m.wikipedia.org"), one_host("example.org")
    ('reddit.com', 'de.wikipedia.org', 'example.org')
    """
    if wiki := _MOBILE_WIKI.fullmatch(host):
        return f"{wiki['tongue']}.{wiki['site']}.org"
    if host.startswith("amp.") and host.count(".") > 1:
        host = host.removeprefix("amp.")
    return _ONE_HOST.get(host, host)


def unwrapped(url: str) -> str:
    """The address that caches and redirectors carry within them; others come back as they are.

    >>> unwrapped("https://www.google.com/url?q=https://example.org/a&sa=D")
    'https://example.org/a'
    """
    for _ in range(_MAX_WRAPPINGS):
        inner = _inner(url)
        if inner is None:
            break
        url = inner
    return url


def _inner(url: str) -> str | None:
    if found := _IN_PATH.fullmatch(url):
        return f"http{'s' if found['tls'] else ''}://{unquote(found['rest'])}"
    for pattern, names, before in _IN_QUERY:
        if found := pattern.fullmatch(url):
            values = parse_qs(found["query"])
            inner = before + next((values[name][0] for name in names if name in values), "")
            return inner if inner.startswith(("https://", "http://")) and inner != before else None
    return None
