"""Places of known services that have a feed, told from their address alone."""

import re

from winnow.sources.api import host_of

_YOUTUBE = "https://www.youtube.com/feeds/videos.xml?"
# Host, pattern of the whole rest of the address, the feed.
_KNOWN: tuple[tuple[str, str, str], ...] = (
    ("youtube.com", r"/channel/(?P<id>UC[\w-]{22})(?:/\w+)?/?", _YOUTUBE + "channel_id={id}"),
    ("youtube.com", r"/user/(?P<id>[\w-]+)(?:/\w+)?/?", _YOUTUBE + "user={id}"),
    ("youtube.com", r"/playlist\?(?:.*&)?list=(?P<id>[\w-]+)(?:&.*)?", _YOUTUBE + "playlist_id={id}"),
    ("github.com", r"/(?P<id>[\w-]+/[\w.-]+?)(?:\.git)?(?:/releases)?/?", "https://github.com/{id}/releases.atom"),
    ("github.com", r"/(?P<id>[\w-]+/[\w.-]+)/tags/?", "https://github.com/{id}/tags.atom"),
    ("github.com", r"/(?P<id>[\w-]+/[\w.-]+)/commits(?:/[\w.-]+)?/?", "https://github.com/{id}/commits.atom"),
    ("gitlab.com", r"/(?P<id>[\w.-]+/[\w.-]+?)(?:\.git)?/?", "https://gitlab.com/{id}/-/tags?format=atom"),
    ("medium.com", r"/(?P<id>@[\w.-]+|[\w-]+)/?", "https://medium.com/feed/{id}"),
    ("medium.com", r"/(?P<id>[\w-]+/tagged/[\w-]+)/?", "https://medium.com/feed/{id}"),
    ("dev.to", r"/(?P<id>\w+|t/\w+)/?", "https://dev.to/feed/{id}"),
    ("lobste.rs", r"/(?P<id>t/\w+)/?", "https://lobste.rs/{id}.rss"),
    ("lobste.rs", r"/?", "https://lobste.rs/rss"),
    ("bsky.app", r"/profile/(?P<id>[\w.:-]+)/?", "https://bsky.app/profile/{id}/rss"),
    ("huggingface.co", r"/blog/?", "https://huggingface.co/blog/feed.xml"),
)
_RULES = tuple((host, re.compile(pattern, re.ASCII), feed) for host, pattern, feed in _KNOWN)
_NO_REPOSITORY = re.compile(
    r"/(?:topics|stars|orgs|settings|features|search|sponsors|collections|marketplace|explore|trending|apps)(?:/.*)?",
    re.ASCII,
)
_ACCOUNT = re.compile(r"/(?:@(?P<at>\w+)|users/(?P<name>\w+))/?", re.ASCII)
_NO_MASTODON = frozenset({"youtube.com", "m.youtube.com", "medium.com", "tiktok.com", "threads.net", "dev.to"})
_SUBSTACK = re.compile(r"[\w-]+\.substack\.com")
_MEDIUM = re.compile(r"[\w-]+\.medium\.com")


def known_feed(address: str) -> str:
    """The feed of a place at a known service; empty where the address is none, or is a feed already.

    >>> known_feed("https://github.com/numpy/numpy"), known_feed("https://example.org/blog")
    ('https://github.com/numpy/numpy/releases.atom', '')
    """
    host = host_of(address).removeprefix("m.")
    rest = re.sub(r"^[a-z]+://[^/?#]*|#.*$", "", address.strip(), flags=re.IGNORECASE)
    if host == "github.com" and _NO_REPOSITORY.fullmatch(rest):
        return ""
    for site, pattern, feed in _RULES:
        if host == site and (match := pattern.fullmatch(rest)):
            return feed.format(**match.groupdict())
    if (_SUBSTACK.fullmatch(host) or _MEDIUM.fullmatch(host)) and rest in ("", "/"):
        return f"https://{host}/feed"
    return _mastodon(host, rest)


def _mastodon(host: str, rest: str) -> str:
    """Accounts of Mastodon are told by their form: any host may run it. A host that does not says so by its answer."""
    match = _ACCOUNT.fullmatch(rest)
    if match is None or not host or host in _NO_MASTODON:
        return ""
    return f"https://{host}/@{match['at'] or match['name']}.rss"
