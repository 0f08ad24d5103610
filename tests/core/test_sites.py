"""The table of sites."""

import csv
from pathlib import Path

import pytest

from winnow.core.sites import SITES, Facet, work_at


def matched(host, path, query=""):
    return work_at(host, path, query)


def line_of(site):
    return f"{site.kind}-{site.hosts[0]}"


@pytest.mark.parametrize("site", SITES, ids=line_of)
def test_every_site_names_its_hosts_in_their_canonical_form(site):
    assert all(host == host.lower() for host in site.hosts)
    assert not any(host.startswith("www.") for host in site.hosts)


@pytest.mark.parametrize("site", SITES, ids=line_of)
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


@pytest.mark.parametrize(
    ("host", "path", "facet"),
    [
        ("arxiv.org", "/abs/2399.04417", Facet.PAPER),
        ("github.com", "/quillmoss/fernlight", Facet.CODE),
        ("huggingface.co", "/spaces/quillmoss/leaf-demo", Facet.DEMO),
        ("youtu.be", "/zZ9_qX-4kLm", Facet.TALK),
        ("redd.it", "/zz9qx4", Facet.DISCUSSION),
        ("medium.com", "/p/9f3e2d1c0b4a", Facet.ARTICLE),
    ],
)
def test_a_line_says_what_of_a_work_is_there(host, path, facet):
    assert matched(host, path).facet is facet


def test_a_file_in_a_repository_is_one_on_every_page_that_shows_it():
    notebook = matched("colab.research.google.com", "/github/Quillmoss/Fernlight/blob/master/Demo.ipynb")
    assert notebook.key == "github-file:quillmoss/fernlight/HEAD/Demo.ipynb"
    assert matched("github.com", "/quillmoss/fernlight/blob/v2/Demo.ipynb").key != notebook.key


def test_wildcard_hosts_bring_what_stands_before():
    assert matched("fernquill.substack.com", "/p/moss").key == "substack:fernquill/moss"
    assert matched("substack.com", "/p/moss") is None


def test_odd_characters_in_a_name_are_escaped_in_its_address():
    assert matched("doi.org", "/10.1002/a%3Cb%25").address == "https://doi.org/10.1002/a%3Cb%25"


def test_every_kind_has_a_pair_of_the_table():
    with (Path(__file__).parent / "address_pairs.csv").open(encoding="utf-8") as file:
        kinds = {row["kind"] for row in csv.DictReader(file)}
    assert {
        "arxiv",
        "doi",
        "openreview",
        "acl",
        "github",
        "gitlab",
        "reddit",
        "x",
        "medium",
        "youtube",
        "kaggle",
    } <= kinds
