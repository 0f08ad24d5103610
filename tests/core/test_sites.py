"""The table of sites."""

import pytest

from winnow.core.sites import SITES


def matched(host, path, query=""):
    return next((match for site in SITES if (match := site.match(host, path, query))), None)


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.kind}-{site.hosts.split()[0]}")
def test_every_site_names_its_hosts_in_their_canonical_form(site):
    assert site.hosts == site.hosts.lower()
    assert not any(host.startswith("www.") for host in site.hosts.split())


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.kind}-{site.hosts.split()[0]}")
def test_a_site_ignores_other_hosts(site):
    assert site.match("other.example", "/abs/1706.03762", "") is None


def test_pages_of_github_itself_are_no_repositories():
    assert matched("github.com", "/topics/nlp") is None
    assert matched("github.com", "/orgs/openai") is None


def test_pages_of_hugging_face_itself_are_no_models():
    assert matched("huggingface.co", "/docs/transformers") is None


def test_case_matters_where_the_site_says_so():
    assert matched("openreview.net", "/forum", "id=AbC").key == "openreview:AbC"
    assert matched("github.com", "/Foo/Bar").key == "github:foo/bar"
