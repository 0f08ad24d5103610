"""The address that a page gives for itself."""

import time

import pytest

from winnow.sources.canonical import MAX_HEAD, canonical_link

HTML = {"content-type": "text/html; charset=utf-8"}
URL = "https://example.org/a/b"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="https://example.org/c">', "https://example.org/c"),
        ("<LINK REL=canonical HREF=/c>", "https://example.org/c"),
        ('<link rel="alternate canonical" href="../c">', "https://example.org/c"),
        ('<link rel="alternate" href="/c">', ""),
        ('<link rel="canonical">', ""),
        ('<link rel="canonical" href="javascript:alert(1)">', ""),
        ('</head><body><link rel="canonical" href="/c">', ""),
        ('<link rel="canonical" href="/c"><link rel="canonical" href="/d">', "https://example.org/c"),
        ("<!-- <link rel=canonical href=/c> -->", ""),
        ("<" * 1000, ""),
    ],
)
def test_the_head_says_it(head, expected):
    assert canonical_link(URL, HTML, f"<html><head>{head}".encode()) == expected


def test_the_header_says_it_first():
    headers = HTML | {"link": '</x>; rel="next", <https://example.org/h>; rel="canonical"'}
    assert canonical_link(URL, headers, b'<link rel="canonical" href="/c">') == "https://example.org/h"


def test_what_is_no_page_says_nothing():
    assert canonical_link(URL, {"content-type": "application/pdf"}, b'<link rel="canonical" href="/c">') == ""
    assert canonical_link(URL, {}, b"") == ""


def test_a_head_ends_somewhere():
    body = b" " * MAX_HEAD + b'<link rel="canonical" href="/c">'
    assert canonical_link(URL, HTML, body) == ""


@pytest.mark.parametrize(
    "header", ["<a>;" * 25_000, "<a>" + ";" * 100_000, "<a>;" * 5_000 + "x;" * 40_000, "<" * 100_000]
)
def test_a_header_that_is_made_to_cost_time_costs_little(header):
    started = time.monotonic()
    assert canonical_link(URL, {"link": header}, b"") == ""
    assert time.monotonic() - started < 2.0
