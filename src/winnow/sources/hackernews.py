"""The connector `hackernews`: lists of stories by Firebase, searches by Algolia.

Firebase tells the numbers of the stories of a list and each story by itself; Algolia tells all at once.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from winnow.core.errors import FetchError
from winnow.core.values import Candidate
from winnow.egress.client import Client
from winnow.sources.api import (
    Leaf,
    get_json,
    host_of,
    mapping,
    moment,
    newest_first,
    numbers,
    objects,
    parts_of,
    replaced_query,
    string,
    text_of,
    with_query,
)
from winnow.sources.base import Page
from winnow.sources.candidates import compose
from winnow.sources.feed import page_of

FIREBASE = "https://hacker-news.firebaseio.com/v0/"
ALGOLIA = "https://hn.algolia.com/api/v1/search_by_date"
STORY = "https://news.ycombinator.com/item?id="
# Stories that one reading asks for, one request each; the rest of a list is asked for by the next.
MAX_STORIES = 30
# Firebase knows no rate limit (its documentation says so), and one pause a second would leave no time for a list.
INTERVAL = 0.1
_LISTS = {"": "top", "news": "top", "newest": "new", "best": "best", "ask": "ask", "show": "show", "jobs": "job"}
_FIREBASE = re.compile(r"/v0/(?:\w+stories|updates)\.json")


class HackerNewsConnector:
    """Lists and searches of Hacker News. The cursor holds the stories that were read, or the newest one."""

    kind = "hackernews"

    def recognises(self, address: str) -> bool:
        """The site, its search, and both interfaces."""
        return host_of(address) in ("news.ycombinator.com", "hn.algolia.com", "hacker-news.firebaseio.com")

    def settled(self, address: str) -> str:
        """The address of the interface behind a list or a search."""
        parts = parts_of(address)
        path = parts.path.strip("/")
        if host_of(address) == "news.ycombinator.com":
            return f"{FIREBASE}{_LISTS.get(path, 'top')}stories.json"
        if host_of(address) == "hn.algolia.com" and not path.startswith("api/"):
            words = parse_qs(parts.query).get("q") or parse_qs(parts.query).get("query") or [""]
            return f"{ALGOLIA}?{urlencode({'query': words[0], 'tags': 'story'})}"
        return address if path else urljoin(address, "/v0/topstories.json")

    def missing(self, address: str) -> str:
        """Nothing: both interfaces are open."""
        del address
        return ""

    def fetch(self, address: str, cursor: Mapping[str, str], client: Client) -> Page:
        """Read a list or a search once."""
        if _FIREBASE.fullmatch(urlsplit(address).path):
            return _read_list(address, cursor, client)
        return _read_search(address, cursor, client)


def _read_list(address: str, cursor: Mapping[str, str], client: Client) -> Page:
    value, response = get_json(client, address, interval=INTERVAL)
    numbered = value if isinstance(value, list) else mapping(value).get("items")
    if not isinstance(numbered, list):
        raise FetchError("not_json", "the server sent JSON that is no list of stories")
    listed = [str(number) for number in numbered if isinstance(number, int)]
    known = set(cursor.get("read", "").split())
    fresh = [number for number in listed if number not in known][:MAX_STORIES]
    stories = _stories(address, fresh, client)
    read = [number for number in listed if number in known or number in stories]
    found = tuple(story for story in stories.values() if story is not None)
    return replace(page_of(response), candidates=found, cursor={"read": " ".join(read)}, title="Hacker News")


def _stories(address: str, fresh: list[str], client: Client) -> dict[str, Candidate | None]:
    """The stories that could be read, None for what is no story. Raises FetchError where not one could be."""
    found: dict[str, Candidate | None] = {}
    failure: FetchError | None = None
    for number in fresh:
        try:
            value, _ = get_json(client, urljoin(address, f"item/{number}.json"), interval=INTERVAL)
        except FetchError as error:
            failure = error
            if error.code == "timeout":
                break
        else:
            found[number] = _story(mapping(value))
    if failure is not None and not found:
        raise failure
    return found


def _story(item: dict[str, Any]) -> Candidate | None:
    if item.get("type") != "story" or item.get("dead") or item.get("deleted"):
        return None
    return _candidate(string(item, "id"), item, text=string(item, "text"), date=item.get("time"), author="by", comments="descendants", points="score")  # fmt: skip


def _candidate(
    number: str, item: dict[str, Any], *, text: str, date: Any, author: str, comments: str, points: str
) -> Candidate:
    discussion = f"{STORY}{number}"
    return compose(
        ("hackernews", number),
        title=string(item, "title"),
        description=text_of(text),
        url=string(item, "url") or discussion,
        published_at=moment(date),
        author=string(item, author),
        links=(discussion,),
        signals=numbers(item, {"points": points, "comments": comments}),
    )


def _read_search(address: str, cursor: Mapping[str, str], client: Client) -> Page:
    def ask(page: str) -> Leaf:
        value, response = get_json(client, page)
        if not isinstance(mapping(value).get("hits"), list):
            raise FetchError("not_json", "the server sent JSON that is no list of stories")
        n_page, n_pages = (int(string(value, name) or 0) for name in ("page", "nbPages"))
        following = replaced_query(page, page=str(n_page + 1)) if n_page + 1 < n_pages else ""
        return Leaf(tuple(map(_hit, objects(value["hits"]))), following, response)

    found, newest, response = newest_first(with_query(address, hitsPerPage="100"), cursor.get("newest", ""), ask)
    return replace(page_of(response), candidates=found, cursor={"newest": newest}, title="Hacker News")


def _hit(hit: dict[str, Any]) -> Candidate:
    return _candidate(string(hit, "objectID"), hit, text=string(hit, "story_text"), date=hit.get("created_at_i"), author="author", comments="num_comments", points="points")  # fmt: skip
