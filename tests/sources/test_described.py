"""What pages say that they are about."""

import time

import pytest

from winnow.core.text import MAX_TITLE
from winnow.sources.described import Described, described

HTML = {"content-type": "text/html; charset=utf-8"}
OG = '<meta property="og:{}" content="{}">'


def of(head, headers=HTML):
    return described(headers, f"<html><head>{head}</head><body>x</body></html>".encode())


def test_what_is_meant_for_sharing_comes_before_the_title_of_the_window():
    head = "<title>Window</title>" + OG.format("title", "Shared") + OG.format("description", "About it.")
    assert of(head) == Described("Shared", "About it.")


def test_a_paper_is_named_as_it_is_cited():
    head = (
        OG.format("title", "Shared")
        + '<meta name="citation_title" content="Attention Is All You Need"/>'
        + '<meta name="citation_abstract" content="The dominant sequence\n transduction models."/>'
    )
    assert of(head) == Described("Attention Is All You Need", "The dominant sequence transduction models.")


@pytest.mark.parametrize(
    ("title", "site", "named"),
    [
        ("GitHub - a/b: Masks for pictures", "GitHub", "a/b: Masks for pictures"),
        ("Masks | The Site", "The Site", "Masks"),
        ("Masks · github", "GitHub", "Masks"),
        ("GitHub", "GitHub", "GitHub"),
        ("GitHub -", "GitHub", "GitHub -"),
        ("Masks (a+b)*", "(a+b)*", "Masks (a+b)*"),
        ("Masks - Other", "", "Masks - Other"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(title, site, named):
    assert of(OG.format("title", title) + OG.format("site_name", site)).title == named


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Window &amp; door</title>", "Window & door"),
        ('<title lang="en">\n Two\n lines </title>', "Two lines"),
        (OG.format("title", "") + "<title>Window</title>", "Window"),
        ("<!-- <title>Old</title> --><title>New</title>", "New"),
        ("<title>\u200bHid\u202eden</title>", "Hidden"),
        ("<title></title>", ""),
        ("", ""),
    ],
)
def test_the_title_of_the_window(head, title):
    assert of(head).title == title


def test_a_title_is_no_longer_than_titles_are():
    assert len(of(f"<title>{'x' * 1999}</title>").title) == MAX_TITLE


@pytest.mark.parametrize("kind", ["application/pdf", "text/plain", "", "image/png"])
def test_what_is_no_page_says_nothing(kind):
    assert of("<title>Window</title>", {"content-type": kind}) == Described()


@pytest.mark.parametrize("piece", ["<title", "<title>", '<meta name="og:title" content="', "<meta property=x "])
def test_what_is_made_to_cost_time_costs_little(piece):
    started = time.monotonic()
    described(HTML, (piece * (1024 * 1024 // len(piece))).encode())
    assert time.monotonic() - started < 2.0
