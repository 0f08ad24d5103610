"""Against answers of arXiv that were recorded in the wild."""

from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from winnow.sources.arxiv import ArxivConnector

LISTING = """<feed xmlns="http://www.w3.org/2005/Atom"><title>cs.CL updates on arXiv.org</title><entry>
<id>oai:arXiv.org:2611.00001v1</id><title>Parsing Czech</title><link href="https://arxiv.org/abs/2611.00001"/>
<summary>arXiv:2611.00001v1 Announce Type: new
Abstract: We parse Czech.</summary><published>2026-11-25T00:00:00-05:00</published></entry></feed>"""


@pytest.fixture
def fetch(client):
    return lambda address, cursor=None: ArxivConnector().fetch(address, cursor or {}, client)


def test_a_query_brings_papers_with_all_their_addresses(recorded, fetch, site):
    address = recorded("arxiv/q_testing_s0_m10_bc5a6c384fe9.atom")
    page = fetch(f"{address}?search_query=testing")
    assert (len(page.candidates), page.title.split(":")[0]) == (10, "arXiv Query")
    paper = page.candidates[0]
    assert paper.title.startswith("Testing Deep Learning Models")
    assert paper.description.startswith("Deep Learning (DL) has revolutionized")
    assert paper.url == "https://arxiv.org/abs/2202.12139v1"
    assert paper.links == ("https://doi.org/10.1109/ICSTW55395.2022.00035", "https://arxiv.org/pdf/2202.12139v1")
    assert (paper.author, paper.published_at) == (
        "Mohit Kumar Ahuja, Arnaud Gotlieb, Helge Spieker",
        datetime(2022, 2, 24, 15, 5, 19, tzinfo=UTC),
    )
    asked = site.requests[0][0]
    assert asked == (
        "/api/query?search_query=testing&sortBy=submittedDate&sortOrder=descending&start=0&max_results=100"
    )


def test_pages_follow_until_the_newest_that_is_known(recorded, fetch, site):
    address = f"{recorded('arxiv/q_testing_s0_m10_bc5a6c384fe9.atom')}?search_query=testing&max_results=10&start=0"
    page = fetch(address)
    # The same ten come again and again: after three pages it is enough.
    assert [parse_qs(request)["start"] for request, _ in site.requests] == [["0"], ["10"], ["20"]]
    assert len({one.external_id for one in page.candidates}) == 10
    site.requests.clear()
    again = fetch(address, page.cursor)
    assert (len(site.requests), len(again.candidates), again.cursor) == (1, 10, page.cursor)


def test_the_code_that_a_comment_names_is_an_address_of_the_work(fetch, site):
    entry = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><title>q</title><entry>
    <id>http://arxiv.org/abs/2611.1v2</id><title>T</title><link href="https://arxiv.org/abs/2611.00001v2"/>
    <arxiv:comment>9 pages, code: https://github.com/a/b.</arxiv:comment></entry></feed>"""
    page = fetch(site.put("/api/query", entry))
    assert page.candidates[0].links == ("https://github.com/a/b",)
    revised = fetch(site.put("/api/query", entry.replace("00001v2", "00001v3")))
    assert revised.candidates[0].external_id == page.candidates[0].external_id


def test_a_listing_is_freed_of_the_words_of_its_announcement(fetch, site):
    page = fetch(site.put("/atom/cs.CL", LISTING, ETag='"1"'))
    assert [(one.title, one.description) for one in page.candidates] == [("Parsing Czech", "We parse Czech.")]
    assert fetch(site.url + "/atom/cs.CL", page.cursor).is_unchanged


@pytest.mark.parametrize(
    ("address", "settled"),
    [
        ("https://arxiv.org/list/cs.CL/recent", "https://rss.arxiv.org/atom/cs.CL"),
        ("https://arxiv.org/list/math-ph/new", "https://rss.arxiv.org/atom/math-ph"),
        ("https://arxiv.org/search/?query=tree+bank", "https://export.arxiv.org/api/query?search_query=all:tree+bank"),
        ("https://rss.arxiv.org/rss/cs.LG", "https://rss.arxiv.org/rss/cs.LG"),
        ("https://export.arxiv.org/api/query?search_query=cat:cs.LG", None),
    ],
)
def test_places_at_arxiv_are_known(address, settled):
    assert ArxivConnector().recognises(address)
    assert ArxivConnector().settled(address) == (settled or address)


def test_a_paper_is_no_source():
    addresses = ["https://arxiv.org/abs/1706.03762", "https://example.org/list/cs.CL/recent", "x"]
    assert [ArxivConnector().recognises(address) for address in addresses] == [False] * 3
