import pytest

from winnow.sources.links import absolute, is_web_address


@pytest.mark.parametrize(
    "link",
    ["http://a.test", "https://a.test:8443/x?y#z", "HTTPS://A.test/", "https://bücher.example/ä", "http://[::1]/"],
)
def test_web_addresses_are_recognised(link):
    assert is_web_address(link) is True


# fmt: off
NO_ADDRESSES = [
    "", "a.test", "/x", "//a.test/x", "ftp://a.test/", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.test", "http://",
    "http:///x", "http:x", "https://a.test:port/", "https://a.test:99999/", "http://[::1", "https://a.test/\x00",
    "https://a.test/a b", "java\nscript:alert(1)", " https://a.test/", "vbscript:x", "file:///etc/passwd", "http://a.test/\ud800",
    "https://a.test/" + "x" * 2000,
]
# fmt: on


@pytest.mark.parametrize("link", NO_ADDRESSES)
def test_everything_else_is_no_web_address(link):
    assert is_web_address(link) is False


@pytest.mark.parametrize(
    ("base", "link", "found"),
    [
        ("https://a.test/b/c", "d", "https://a.test/b/d"),
        ("https://a.test/b/", "../d?e", "https://a.test/d?e"),
        ("https://a.test/b", "//other.test/x", "https://other.test/x"),
        ("https://a.test/b", "https://other.test/x", "https://other.test/x"),
        ("", "https://other.test/x", "https://other.test/x"),
        ("https://a.test/", "\n  /x/\n  y z ", "https://a.test/x/%20%20y%20z"),
    ],
)
def test_x16_links_are_resolved(base, link, found):
    assert absolute(base, link) == found


@pytest.mark.parametrize(
    ("base", "link"),
    [
        ("", "/x"),
        ("https://a.test/", " \n"),
        ("", "//a.test/x"),
        ("javascript:alert(1)//", "x"),
        ("javascript:", "//x"),
        ("https://a.test/", "javascript:alert(1)"),
        ("https://a.test/", "java\tscript:alert(1)"),
        ("https://a.test/", "JaVaScRiPt:x"),
        ("https://a.test/", "http://["),
    ],
)
def test_x16_links_that_do_not_lead_to_the_web_are_dropped(base, link):
    assert absolute(base, link) == ""
