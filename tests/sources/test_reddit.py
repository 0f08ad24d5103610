"""Against answers of Reddit that were recorded in the wild."""

import base64
import json
from datetime import UTC, datetime

import pytest

from winnow.core.errors import FetchError
from winnow.sources.credentials import REDDIT_CLIENT_ID as ID
from winnow.sources.credentials import REDDIT_CLIENT_SECRET as SECRET
from winnow.sources.reddit import RedditConnector

APPLICATION = {ID: "app", SECRET: "secret"}


@pytest.fixture
def fetch(client):
    return lambda address, cursor=None, held=None: RedditConnector(held or {}).fetch(address, cursor or {}, client)


def test_a_listing_brings_posts_with_points_and_comments(recorded, fetch, site):
    page = fetch(recorded("reddit/TestSubredditListings.test_new.0.json"))
    # The listing goes on; the same answer again brings nothing new, and three pages are enough.
    assert len({one.external_id for one in page.candidates}) == 96
    assert [path.partition("&after=")[0] for path, _ in site.requests] == ["/r/askreddit/new?raw_json=1&limit=100"] * 3
    post = page.candidates[0]
    assert post.title.startswith("[Serious] Parents of Reddit")
    assert post.url.startswith("https://www.reddit.com/r/AskReddit/comments/48fbm9/")
    assert (post.author, post.published_at) == ("RedHeadQc", datetime(2016, 3, 1, 8, 37, 38, tzinfo=UTC))
    assert (post.signals, post.links) == ({"points": 1.0, "comments": 1.0}, ())


def test_a_post_that_leads_elsewhere_has_its_discussion_beside_it(recorded, fetch):
    page = fetch(recorded("reddit/TestDomainListing.test_new.0.json"))
    post = page.candidates[0]
    assert "youtube.com/" in post.url
    assert post.links[0].startswith("https://www.reddit.com/r/")
    assert len(page.candidates) == 300


def test_a_post_with_its_comments_is_one_candidate(recorded, fetch):
    page = fetch(recorded("reddit/TestSubreddit.test_submit__url.0.json"))
    assert len(page.candidates) == 1


@pytest.mark.parametrize("file", ["reddit/go-reddit-subreddit-posts.json", "reddit/go-reddit-post-duplicates.json"])
def test_answers_that_others_recorded_are_read_too(recorded, fetch, file):
    found = fetch(recorded(file, "/r/test/new.json")).candidates
    assert found
    assert not any(one.fault for one in found)


def test_reading_again_stops_at_the_newest_that_is_known(recorded, fetch, site):
    address = recorded("reddit/TestSubredditListings.test_new.0.json")
    first = fetch(address)
    site.requests.clear()
    fetch(address, first.cursor)
    assert len(site.requests) == 1


def test_with_an_application_a_token_is_asked_for_and_shown(recorded, fetch, site):
    site.put("/api/v1/access_token", json.dumps({"access_token": "tok", "expires_in": 86400}))
    fetch(recorded("reddit/TestSubredditListings.test_new.0.json"), {"newest": "x"}, APPLICATION)
    asked = [headers.get("Authorization") for _, headers in site.requests]
    assert asked[:2] == [f"Basic {base64.b64encode(b'app:secret').decode()}", "Bearer tok"]
    assert site.forms == ["grant_type=client_credentials"]


@pytest.mark.parametrize("body", ["{}", '{"access_token": "a\\nb"}', '{"access_token": 3.5}'])
def test_an_answer_without_a_token_is_an_error(site, fetch, body):
    site.put("/api/v1/access_token", body)
    with pytest.raises(FetchError) as caught:
        fetch(site.put("/r/x/new.json", "{}"), {}, APPLICATION)
    assert caught.value.code == "no_credentials"


def test_the_secret_is_shown_to_reddit_alone(client, monkeypatch):
    told = []
    monkeypatch.setattr(client, "post_form", lambda *given, **named: told.append(given))
    with pytest.raises(FetchError):
        RedditConnector(APPLICATION).fetch("http://10.0.0.1/r/x/new.json", {}, client)
    assert told == []


@pytest.mark.parametrize("body", ["{}", "[]", '{"data": {}}', '{"data": [1]}', "null"])
def test_what_is_no_listing_is_refused(site, fetch, body):
    with pytest.raises(FetchError) as caught:
        fetch(site.put("/r/x/new.json", body))
    assert caught.value.code == "not_json"


@pytest.mark.parametrize(
    "child", [{}, {"kind": "t3"}, {"kind": "t3", "data": {"title": 3, "created_utc": "x", "score": "many", "url": []}}]
)
def test_odd_posts_are_at_fault_and_break_nothing(site, fetch, child):
    body = json.dumps({"data": {"children": [child], "after": None}})
    assert all(one.fault for one in fetch(site.put("/r/x/new.json", body)).candidates)


@pytest.mark.parametrize(
    ("address", "settled"),
    [
        ("https://www.reddit.com/r/MachineLearning", "https://www.reddit.com/r/MachineLearning/new.json"),
        ("https://old.reddit.com/r/a+b/top/?t=week", "https://www.reddit.com/r/a+b/top.json"),
        ("https://reddit.com/user/spez/", "https://www.reddit.com/user/spez/submitted.json"),
        ("https://www.reddit.com/domain/arxiv.org", "https://www.reddit.com/domain/arxiv.org/new.json"),
        ("https://oauth.reddit.com/r/x/new", "https://oauth.reddit.com/r/x/new"),
        ("https://www.reddit.com/r/x/new.json", "https://www.reddit.com/r/x/new.json"),
    ],
)
def test_places_are_known(address, settled):
    connector = RedditConnector({})
    assert connector.recognises(address)
    assert connector.settled(address) == settled


def test_feeds_of_reddit_are_feeds():
    assert not RedditConnector({}).recognises("https://www.reddit.com/r/x/.rss")


def test_without_an_application_it_says_what_oauth_needs():
    assert ID in RedditConnector({}).missing("https://oauth.reddit.com/r/x/new")
    assert RedditConnector({}).missing("https://www.reddit.com/r/x/new.json") == ""
    assert RedditConnector(APPLICATION).missing("https://oauth.reddit.com/r/x/new") == ""
