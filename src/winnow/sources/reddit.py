"""The connector `reddit`: listings, by the public JSON or, where the installation has an application there, by OAuth."""

import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from winnow.core.errors import FetchError
from winnow.core.values import Candidate
from winnow.egress.client import Client
from winnow.sources.api import (
    Leaf,
    get_json,
    host_of,
    mapping,
    may_know,
    moment,
    newest_first,
    numbers,
    objects,
    parts_of,
    read_json,
    replaced_query,
    string,
    with_query,
)
from winnow.sources.base import Page
from winnow.sources.candidates import compose
from winnow.sources.credentials import REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET
from winnow.sources.feed import page_of

PUBLIC = "https://www.reddit.com"
OAUTH = "https://oauth.reddit.com"
_HOSTS = ("reddit.com", "old.reddit.com", "oauth.reddit.com", "new.reddit.com", "np.reddit.com")
_PLACE = re.compile(
    r"/(?P<place>r/[\w+]+|domain/[\w.-]+|user/[\w-]+/m/\w+)(?:/(?P<sort>hot|new|top|rising|controversial))?/?"
    r"|/(?:u|user)/(?P<user>[\w-]+)(?:/submitted)?/?",
    re.ASCII,
)
_ONLY_OAUTH = f"Reddit by OAuth needs {REDDIT_CLIENT_ID} and {REDDIT_CLIENT_SECRET} (or their _FILE forms); or use the public address on www.reddit.com"


class RedditConnector:
    """Listings of Reddit. The cursor holds the newest post."""

    kind = "reddit"

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self._id, self._secret = credentials.get(REDDIT_CLIENT_ID, ""), credentials.get(REDDIT_CLIENT_SECRET, "")

    def recognises(self, address: str) -> bool:
        """Places on Reddit, but for its feeds."""
        return host_of(address) in _HOSTS and not parts_of(address).path.endswith((".rss", ".rss/"))

    def settled(self, address: str) -> str:
        """The listing of a subreddit, a user, a domain; new posts first unless it says otherwise."""
        if host_of(address) not in _HOSTS or host_of(address) == "oauth.reddit.com":
            return address
        path = parts_of(address).path
        match = _PLACE.fullmatch(path)
        if match is None:
            return address
        place = f"user/{match['user']}/submitted" if match["user"] else f"{match['place']}/{match['sort'] or 'new'}"
        return f"{PUBLIC}/{place}.json"

    def missing(self, address: str) -> str:
        """The application's name and secret, where the address is one of OAuth."""
        return _ONLY_OAUTH if host_of(address) == "oauth.reddit.com" and not (self._id and self._secret) else ""

    def fetch(self, address: str, cursor: Mapping[str, str], client: Client) -> Page:
        """Read the newest posts of a listing."""
        headers: dict[str, str] = {}
        if self._id and self._secret and may_know(address, _HOSTS):
            headers["Authorization"] = f"Bearer {self._token(address, client)}"
            if host_of(address) in _HOSTS:
                address = OAUTH + address.removeprefix(PUBLIC).removeprefix(OAUTH).replace(".json", "", 1)

        def ask(page: str) -> Leaf:
            value, response = get_json(client, page, headers=headers)
            listings = [mapping(one.get("data")) for one in (objects(value) or [mapping(value)])]
            if not any("children" in listing for listing in listings):
                raise FetchError("not_json", "the server sent JSON that is no listing of Reddit")
            posts = [mapping(child.get("data")) for one in listings for child in _posts(one)]
            after = string(listings[0], "after")
            return Leaf(tuple(map(_candidate, posts)), replaced_query(page, after=after) if after else "", response)

        first = with_query(address, raw_json="1", limit="100")
        found, newest, response = newest_first(first, cursor.get("newest", ""), ask)
        return replace(page_of(response), candidates=found, cursor={"newest": newest})

    def _token(self, address: str, client: Client) -> str:
        """A token for the application alone, good for a day and forgotten at once."""
        site = PUBLIC if host_of(address) in _HOSTS else address
        key = base64.b64encode(f"{self._id}:{self._secret}".encode()).decode()
        answer = client.post_form(
            urljoin(site, "/api/v1/access_token"),
            {"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {key}"},
        )
        token = string(mapping(read_json(answer)), "access_token")
        if not token.isascii() or not token.isprintable() or not token:
            raise FetchError(
                "no_credentials", f"Reddit gave no token for {REDDIT_CLIENT_ID} and {REDDIT_CLIENT_SECRET}"
            )
        return token


def _posts(listing: dict[str, Any]) -> list[dict[str, Any]]:
    return [child for child in objects(listing.get("children")) if child.get("kind") == "t3"]


def _candidate(post: dict[str, Any]) -> Candidate:
    discussion = urljoin(PUBLIC, string(post, "permalink")) if string(post, "permalink") else ""
    url = discussion if post.get("is_self") else string(post, "url")
    return compose(
        ("reddit", string(post, "name")),
        title=string(post, "title"),
        description=string(post, "selftext"),
        url=url,
        published_at=moment(post.get("created_utc")),
        author=string(post, "author"),
        links=(discussion,),
        signals=numbers(post, {"points": "score", "comments": "num_comments"}),
    )
