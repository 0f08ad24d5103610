"""The connector `github`: starred repositories, repositories by topic, releases of one repository."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

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
    string,
    with_query,
)
from winnow.sources.base import Page
from winnow.sources.candidates import compose
from winnow.sources.credentials import GITHUB_TOKEN
from winnow.sources.dates import parse_feed_date
from winnow.sources.feed import page_of, validators
from winnow.sources.links import absolute

API = "https://api.github.com"
# With this a list of stars says when each was given, which is the order that it has.
_ACCEPT = "application/vnd.github.star+json"
_NEXT = re.compile(r'<([^<>]+)>;\s*rel="next"')
_TOPIC = re.compile(r"/topics/([\w-]+)/?", re.ASCII)
_STARS = re.compile(r"/stars/([\w-]+)/?", re.ASCII)
_USER = re.compile(r"/([\w-]+)/?", re.ASCII)


class GitHubConnector:
    """Lists of GitHub's interface. The cursor holds validators and the newest entry."""

    kind = "github"

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self._token = credentials.get(GITHUB_TOKEN, "")

    def recognises(self, address: str) -> bool:
        """The interface, a topic, somebody's stars; repositories have feeds."""
        return host_of(address) == "api.github.com" or self.settled(address) != address

    def settled(self, address: str) -> str:
        """The list behind a page of stars or of a topic."""
        parts = parts_of(address)
        if host_of(address) != "github.com":
            return address
        if match := _TOPIC.fullmatch(parts.path):
            return f"{API}/search/repositories?q=topic:{match[1]}&sort=updated&order=desc"
        match = _STARS.fullmatch(parts.path)
        if match is None and parse_qs(parts.query).get("tab") == ["stars"]:
            match = _USER.fullmatch(parts.path)
        return f"{API}/users/{quote(match[1])}/starred" if match else address

    def missing(self, address: str) -> str:
        """Nothing: without a token GitHub answers 60 times an hour."""
        del address
        return ""

    def fetch(self, address: str, cursor: Mapping[str, str], client: Client) -> Page:
        """Read the newest entries of a list; one that did not change is an unchanged page."""
        headers = {"Accept": _ACCEPT}
        if self._token and may_know(address, ("api.github.com",)):
            headers["Authorization"] = f"Bearer {self._token}"
        first = with_query(address, per_page="100")

        def ask(page: str) -> Leaf:
            etag = cursor.get("etag", "") if page == first else ""
            value, response = get_json(client, page, headers=headers, etag=etag)
            if response.status == 304:
                return Leaf((), "", response)
            following = _NEXT.search(response.headers.get("link", ""))
            # A page is followed on its own site alone: the token travels along.
            next_page = absolute(page, following[1]) if following else ""
            is_same_site = urlsplit(next_page)[:2] == urlsplit(page)[:2]
            return Leaf(_candidates(value), next_page if is_same_site else "", response)

        found, newest, response = newest_first(first, cursor.get("newest", ""), ask)
        if response.status == 304:
            return replace(page_of(response), cursor=cursor, is_unchanged=True)
        return _page(found, newest, response)


def _page(found: tuple[Candidate, ...], newest: str, response: Response) -> Page:
    return replace(page_of(response), candidates=found, cursor={**validators(response), "newest": newest})


def _candidates(value: Any) -> tuple[Candidate, ...]:
    listed = value if isinstance(value, list) else mapping(value).get("items")
    if not isinstance(listed, list):
        raise FetchError("not_json", "the server sent JSON that is no list of GitHub's")
    return tuple(_reader(one)(one) for one in objects(listed) if not one.get("draft"))


def _reader(entry: dict[str, Any]) -> Callable[[dict[str, Any]], Candidate]:
    return _release if "tag_name" in entry else _repository


def _repository(entry: dict[str, Any]) -> Candidate:
    repository = mapping(entry.get("repo")) or entry
    topics = repository.get("topics")
    words = ", ".join(str(topic) for topic in topics[:20]) if isinstance(topics, list) else ""
    description = string(repository, "description")
    return compose(
        ("github", "repository", string(repository, "id") or string(repository, "full_name")),
        title=string(repository, "full_name"),
        description=f"{description} Topics: {words}" if words else description,
        url=absolute("", string(repository, "html_url")),
        published_at=parse_feed_date(string(entry, "starred_at") or string(repository, "created_at")),
        author=string(repository, "owner", "login"),
        links=(absolute("", string(repository, "homepage")),),
        # Before there were stars, watchers were what stars are now.
        signals=numbers(repository, {"stars": "watchers_count"})
        | numbers(repository, {"stars": "stargazers_count", "forks": "forks_count"}),
    )


def _release(entry: dict[str, Any]) -> Candidate:
    url = absolute("", string(entry, "html_url"))
    repository = "/".join(urlsplit(url).path.strip("/").split("/")[1:2])
    name = string(entry, "name") or string(entry, "tag_name")
    return compose(
        ("github", "release", string(entry, "id")),
        title=name if repository.lower() in name.lower() else f"{repository} {name}",
        description=string(entry, "body"),
        url=url,
        published_at=parse_feed_date(string(entry, "published_at")),
        author=string(entry, "author", "login"),
        signals=_downloads(entry) | numbers(mapping(entry.get("reactions")), {"reactions": "total_count"}),
    )


def _downloads(entry: dict[str, Any]) -> dict[str, float]:
    counts = [numbers(asset, {"n": "download_count"}).get("n", 0.0) for asset in objects(entry.get("assets"))]
    return {"downloads": sum(counts)} if counts else {}
