"""The connector `x`: recent searches and timelines by the interface v2 of X; needs a token."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from winnow.core.errors import FetchError
from winnow.core.values import Candidate
from winnow.egress.client import Client, Response
from winnow.sources.api import (
    Leaf,
    get_json,
    host_of,
    mapping,
    may_know,
    newest_first,
    numbers,
    objects,
    parts_of,
    replaced_query,
    string,
    with_query,
)
from winnow.sources.base import Page
from winnow.sources.candidates import compose
from winnow.sources.credentials import X_TOKEN
from winnow.sources.dates import parse_feed_date
from winnow.sources.feed import page_of
from winnow.sources.links import is_web_address

API = "https://api.x.com/2/"
MAX_TITLE = 120
_HOSTS = ("api.x.com", "api.twitter.com")
_SITES = ("x.com", "twitter.com", "mobile.twitter.com")
_OWN = (*_SITES, "t.co", "pic.twitter.com", "pic.x.com")
_USER = re.compile(r"/@?(?P<user>\w{1,15})/?", re.ASCII)
_BY_NAME = re.compile(r"(?P<base>.*/)users/by/username/\w+/?", re.ASCII)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_SHORT_LINK = re.compile(r"https?://t\.co/\w+", re.ASCII)
_FIELDS = {
    "max_results": "100",
    "tweet.fields": "author_id,created_at,entities,lang,public_metrics",
    "expansions": "author_id",
    "user.fields": "name,username",
}
_METRICS = {"likes": "like_count", "reposts": "retweet_count", "replies": "reply_count", "quotes": "quote_count"}


class XConnector:
    """Searches and timelines. The cursor holds the newest post, and the number of a user."""

    kind = "x"

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self._token = credentials.get(X_TOKEN, "")

    def recognises(self, address: str) -> bool:
        """Users and searches of the site, and the interface."""
        return host_of(address) in (*_HOSTS, *_SITES)

    def settled(self, address: str) -> str:
        """The interface's address of a user or a search."""
        parts = parts_of(address)
        if host_of(address) not in _SITES:
            return address
        if words := parse_qs(parts.query).get("q"):
            return f"{API}tweets/search/recent?{urlencode({'query': words[0]})}"
        match = _USER.fullmatch(parts.path)
        return f"{API}users/by/username/{match['user']}" if match else address

    def missing(self, address: str) -> str:
        """The token, without which X answers nothing."""
        del address
        return "" if self._token else f"X needs {X_TOKEN} or {X_TOKEN}_FILE, a bearer token of its interface v2"

    def fetch(self, address: str, cursor: Mapping[str, str], client: Client) -> Page:
        """Read the newest posts of a search or a timeline."""
        headers = {"Authorization": f"Bearer {self._token}"} if may_know(address, _HOSTS) else {}
        kept: dict[str, str] = {}
        if match := _BY_NAME.fullmatch(urlsplit(address).path):
            kept["user"] = cursor.get("user") or _number_of(address, headers, client)
            address = urljoin(address, f"{match['base']}users/{kept['user']}/tweets?exclude=retweets,replies")

        def ask(page: str) -> Leaf:
            value, response = get_json(client, page, headers=headers)
            return _leaf(mapping(value), page, response)

        found, newest, response = newest_first(with_query(address, **_FIELDS), cursor.get("newest", ""), ask)
        return replace(page_of(response), candidates=found, cursor={**kept, "newest": newest})


def _number_of(address: str, headers: Mapping[str, str], client: Client) -> str:
    value, _ = get_json(client, address, headers=headers)
    number = string(mapping(value), "data", "id")
    if not number.isdecimal():
        raise FetchError("not_json", "X knows no such user")
    return number


def _leaf(value: dict[str, Any], page: str, response: Response) -> Leaf:
    if "data" not in value and "meta" not in value:
        raise FetchError("not_json", "the server sent JSON that is no list of posts")
    users = {string(user, "id"): user for user in objects(mapping(value.get("includes")).get("users"))}
    posts = tuple(_candidate(post, users.get(string(post, "author_id"), {})) for post in objects(value.get("data")))
    token = string(value, "meta", "next_token")
    name = "next_token" if "/search/" in page else "pagination_token"
    return Leaf(posts, replaced_query(page, **{name: token}) if token else "", response)


def _candidate(post: dict[str, Any], user: dict[str, Any]) -> Candidate:
    number, text = string(post, "id"), string(post, "text")
    own = f"https://x.com/{string(user, 'username') or 'i'}/status/{number}"
    found = [string(link, "unwound_url") or string(link, "expanded_url") for link in _links(post)]
    elsewhere = list(dict.fromkeys(link for link in found if is_web_address(link) and host_of(link) not in _OWN))
    # A post that leads to one place speaks of that; one that leads to several is a work by itself.
    url = elsewhere[0] if len(elsewhere) == 1 else own
    return compose(
        ("x", number),
        title=_title(text),
        description=text,
        url=url,
        published_at=parse_feed_date(string(post, "created_at")),
        author=string(user, "name"),
        links=(own,),
        signals=numbers(mapping(post.get("public_metrics")), _METRICS),
    )


def _links(post: dict[str, Any]) -> list[dict[str, Any]]:
    return objects(mapping(post.get("entities")).get("urls"))


def _title(text: str) -> str:
    """A post has no title: its first line without short links, cut after a sentence where it is long."""
    lines = [line for line in (_SHORT_LINK.sub("", line).strip() for line in text.splitlines()) if line]
    line = lines[0] if lines else text
    return line if len(line) <= MAX_TITLE else _SENTENCE.split(line, maxsplit=1)[0]
