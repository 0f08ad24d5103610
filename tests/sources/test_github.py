"""Against answers of GitHub that were recorded in the wild."""

import json
from datetime import UTC, datetime

import pytest

from winnow.core.errors import FetchError
from winnow.sources.credentials import GITHUB_TOKEN as TOKEN
from winnow.sources.github import GitHubConnector


@pytest.fixture
def fetch(client):
    return lambda address, cursor=None, held=None: GitHubConnector(held or {}).fetch(address, cursor or {}, client)


def test_starred_repositories(recorded, fetch):
    page = fetch(recorded("github/github-to-sqlite.starred.json", "/users/x/starred"))
    one = page.candidates[0]
    assert (one.title, one.description) == ("owner-name/repo-name", "Repo description")
    assert one.url == "https://github.com/owner-name/repo-name"
    assert (one.author, one.published_at) == ("owner-name", datetime(2019, 9, 14, 8, 35, 12, tzinfo=UTC))
    assert set(one.signals) == {"stars", "forks"}


def test_stars_in_their_older_form_with_validators(recorded, fetch, site):
    address = recorded("github/PyGithub.NamedUser.testGetStarred.1.json")
    page = fetch(address)
    assert (len(page.candidates), page.fresh_for) == (5, 60.0)
    assert all(one.url.startswith("https://github.com/") and one.signals["stars"] >= 0 for one in page.candidates)
    status, headers, body = site.pages["/users/jacquev6/starred"]
    site.pages["/users/jacquev6/starred"] = (status, {"ETag": headers["etag"]}, body)
    again = fetch(address, page.cursor)
    assert (again.is_unchanged, again.cursor) == (True, page.cursor)


def test_releases(recorded, fetch):
    page = fetch(recorded("github/github-to-sqlite.releases.json", "/repos/dogsheep/github-to-sqlite/releases"))
    one = page.candidates[0]
    assert one.title == "github-to-sqlite 0.5"
    assert one.description.startswith("* New command:")
    assert one.url == "https://github.com/dogsheep/github-to-sqlite/releases/tag/0.5"
    assert (one.author, one.published_at) == ("simonw", datetime(2019, 10, 13, 5, 30, 5, tzinfo=UTC))
    assert len({one.external_id for one in page.candidates}) == len(page.candidates)


def test_a_search_without_results_is_an_empty_page(recorded, fetch):
    assert fetch(recorded("github/PyGithub.Search.testSearchReposWithNoResults.0.json")).candidates == ()


def test_a_search_by_topic_has_the_form_of_a_search(recorded, fetch, site):
    starred = json.loads(site.pages[recorded("github/github-to-sqlite.starred.json", "/s").removeprefix(site.url)][2])
    repository = starred[0]["repo"] | {"topics": ["parsing", "czech"], "homepage": "https://parser.test/"}
    page = fetch(site.put("/search/repositories", json.dumps({"items": [repository]})))
    assert page.candidates[0].description == "Repo description Topics: parsing, czech"
    assert page.candidates[0].links == ("https://parser.test/",)


def test_pages_follow_the_link_header_on_their_own_site_alone(fetch, site):
    def page(number):
        return json.dumps([{"id": number, "full_name": f"a/{number}", "html_url": f"https://github.com/a/{number}"}])

    here = site.put("/1", page(1), Link=f'<{site.url}/2>; rel="next", <{site.url}/9>; rel="last"')
    site.put("/2", page(2), Link='<http://127.0.0.2/3>; rel="next"')
    assert [one.title for one in fetch(here).candidates] == ["a/1", "a/2"]


def test_the_token_is_shown_to_the_interface(fetch, site):
    fetch(site.put("/users/x/starred", "[]"), {}, {TOKEN: "tok"})
    assert site.requests[0][1]["Authorization"] == "Bearer tok"


def test_a_limit_that_is_used_up_says_how_long_to_wait(recorded, fetch, site):
    site.put("/users/x/starred", "{}", 403, X_RateLimit_Remaining="0", X_RateLimit_Reset="300")
    with pytest.raises(FetchError) as caught:
        fetch(site.url + "/users/x/starred")
    assert (caught.value.code, caught.value.retry_after) == ("status", 300.0)


def test_a_repository_that_moved_says_where_it_is(recorded, fetch, site):
    address = recorded("github/PyGithub.Repository.testGetRepositoryWith301Redirect.0.json")
    site.put("/repositories/112116543", "[]")
    assert fetch(address).moved_to.startswith(f"{site.url}/repositories/112116543")


@pytest.mark.parametrize("body", ['{"message": "Not Found"}', "3", "null", '"x"', "\x00"])
def test_what_is_no_list_is_refused(fetch, site, body):
    with pytest.raises(FetchError) as caught:
        fetch(site.put("/users/x/starred", body))
    assert caught.value.code == "not_json"


@pytest.mark.parametrize(
    ("address", "settled"),
    [
        ("https://github.com/topics/nlp", "https://api.github.com/search/repositories?q=topic:nlp&sort=updated&order=desc"),
        ("https://github.com/ada?tab=stars", "https://api.github.com/users/ada/starred"),
        ("https://github.com/stars/ada", "https://api.github.com/users/ada/starred"),
        ("https://api.github.com/repos/a/b/releases", "https://api.github.com/repos/a/b/releases"),
    ],
)  # fmt: skip
def test_places_are_known(address, settled):
    assert GitHubConnector({}).recognises(address)
    assert GitHubConnector({}).settled(address) == settled


def test_a_repository_is_left_to_its_feed():
    addresses = ["https://github.com/a/b", "https://github.com/ada", "https://example.org/topics/nlp"]
    assert [GitHubConnector({}).recognises(address) for address in addresses] == [False] * 3
