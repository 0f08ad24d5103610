"""Hosts that are one site, and addresses that wrap another."""

import pytest

from winnow.core.sites.hosts import one_host, unwrapped


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("mobile.twitter.com", "x.com"),
        ("np.reddit.com", "reddit.com"),
        ("dx.doi.org", "doi.org"),
        ("hf.co", "huggingface.co"),
        ("en.m.wikipedia.org", "en.wikipedia.org"),
        ("amp.example.com", "example.com"),
        ("amp.dev", "amp.dev"),
        ("example.com", "example.com"),
    ],
)
def test_a_site_goes_by_one_host(host, expected):
    assert one_host(host) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.google.com/amp/s/example.com/a/amp", "https://example.com/a/amp"),
        ("https://www.google.co.uk/amp/example.com/a", "http://example.com/a"),
        ("https://example-com.cdn.ampproject.org/v/s/example.com/a", "https://example.com/a"),
        ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.com%2Fa", "https://example.com/a"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa&h=1", "https://example.com/a"),
        ("https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.com", "https://example.com"),
    ],
)
def test_what_is_wrapped_is_taken_out(url, expected):
    assert unwrapped(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/search?q=moss",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.youtube.com/attribution_link?a=1",
        "https://example.com/url?q=https://other.example/",
        "",
    ],
)
def test_what_wraps_nothing_stays(url):
    assert unwrapped(url) == url


def test_wrapping_upon_wrapping_ends():
    url = "https://example.com/a"
    for _ in range(9):
        url = f"https://www.google.com/amp/s/{url.removeprefix('https://')}"
    assert unwrapped(url).startswith("https://")
