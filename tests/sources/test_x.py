"""Against answers of X that were recorded in the wild."""

import json
from datetime import UTC, datetime

import pytest

from winnow.core.errors import FetchError
from winnow.sources.credentials import X_TOKEN as TOKEN
from winnow.sources.x import XConnector

POST = {
    "id": "1",
    "text": "A parser for Czech. It is fast! https://t.co/abc",
    "author_id": "7",
    "created_at": "2026-11-25T12:00:00.000Z",
    "public_metrics": {"like_count": 5, "retweet_count": 2, "reply_count": 1, "quote_count": 0},
    "entities": {"urls": [{"expanded_url": "https://arxiv.org/abs/2611.00001"}]},
}
USERS = {"users": [{"id": "7", "name": "Ada", "username": "ada"}]}
RECENT = "/2/tweets/search/recent"


@pytest.fixture
def fetch(client):
    return lambda address, cursor=None: XConnector({TOKEN: "tok"}).fetch(address, cursor or {}, client)


def body(*posts, **meta):
    return json.dumps({"data": posts, "includes": USERS, "meta": {"result_count": len(posts), **meta}})


def test_a_timeline_brings_posts_and_shows_the_token(recorded, fetch, site):
    page = fetch(recorded("x/tweepy.get_users_tweets.0.json"))
    assert len({one.external_id for one in page.candidates}) == 2
    post = page.candidates[0]
    assert post.title == "whoa, it works"
    assert post.url == "https://x.com/i/status/1577730467436138524"
    path, headers = site.requests[0]
    assert headers["Authorization"] == "Bearer tok"
    assert "max_results=100&tweet.fields=author_id,created_at,entities,lang,public_metrics" in path
    assert "pagination_token=7140dibdnow9" in site.requests[1][0]


@pytest.mark.parametrize("number", [0, 3, 4])
def test_recent_searches_that_others_recorded(recorded, fetch, number):
    page = fetch(recorded(f"x/go-twitter.client_tweet_search.{number}.json", RECENT))
    assert page.candidates
    assert not any(one.fault for one in page.candidates)


def test_a_post_that_leads_to_one_place_speaks_of_that(fetch, site):
    (post,) = fetch(site.put(RECENT, body(POST))).candidates
    assert (post.title, post.url) == ("A parser for Czech. It is fast!", "https://arxiv.org/abs/2611.00001")
    assert post.links == ("https://x.com/ada/status/1",)
    assert (post.author, post.published_at) == ("Ada", datetime(2026, 11, 25, 12, tzinfo=UTC))
    assert post.signals == {"likes": 5.0, "reposts": 2.0, "replies": 1.0, "quotes": 0.0}


def test_a_post_that_leads_to_several_places_is_a_work_by_itself(fetch, site):
    urls = [{"expanded_url": f"https://example.org/{n}"} for n in range(2)]
    (post,) = fetch(site.put(RECENT, body(POST | {"entities": {"urls": urls}}))).candidates
    assert (post.url, post.links) == ("https://x.com/ada/status/1", ())


def test_a_long_first_line_is_cut_after_its_first_sentence(fetch, site):
    (post,) = fetch(site.put(RECENT, body(POST | {"text": f"Short. {'long ' * 50}"}))).candidates
    assert post.title == "Short."


def test_a_user_is_looked_up_once(fetch, site):
    address = site.put("/2/users/by/username/ada", json.dumps({"data": {"id": "7"}}))
    site.put("/2/users/7/tweets", body(POST))
    page = fetch(address)
    assert (len(page.candidates), page.cursor["user"]) == (1, "7")
    assert "exclude=retweets" in site.requests[1][0]
    site.requests.clear()
    fetch(address, page.cursor)
    assert [path.partition("?")[0] for path, _ in site.requests] == ["/2/users/7/tweets"]


def test_a_user_that_is_unknown_is_an_error(fetch, site):
    with pytest.raises(FetchError, match="no such user"):
        fetch(site.put("/2/users/by/username/ada", json.dumps({"errors": []})))


def test_an_answer_of_errors_is_refused(recorded, fetch):
    with pytest.raises(FetchError) as caught:
        fetch(recorded("x/go-twitter.client_tweet_search.2.json", RECENT))
    assert caught.value.code == "not_json"


def test_no_result_is_an_empty_page(fetch, site):
    assert fetch(site.put(RECENT, json.dumps({"meta": {"result_count": 0}}))).candidates == ()


def test_without_a_token_it_says_so_in_one_line():
    said = XConnector({}).missing("https://api.x.com/2/tweets/search/recent?query=x")
    assert (TOKEN in said, "\n" in said) == (True, False)
    assert XConnector({TOKEN: "t"}).missing("x") == ""


@pytest.mark.parametrize(
    ("address", "settled"),
    [
        ("https://x.com/ada", "https://api.x.com/2/users/by/username/ada"),
        ("https://twitter.com/search?q=%23nlp+parsing", "https://api.x.com/2/tweets/search/recent?query=%23nlp+parsing"),
        ("https://api.twitter.com/2/users/7/tweets", "https://api.twitter.com/2/users/7/tweets"),
    ],
)  # fmt: skip
def test_places_are_known(address, settled):
    assert XConnector({}).recognises(address)
    assert XConnector({}).settled(address) == settled
