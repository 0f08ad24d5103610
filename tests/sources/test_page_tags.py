"""Tags of pages."""

import time

import pytest

from winnow.sources.page_tags import MAX_PAGE, tags_named, tags_of, text_of

META = tags_named("meta")


def test_attributes_are_read_however_they_are_quoted():
    text = "<META Name=a content='b &amp; c'><meta name=\"d\" content=e><metal name=f>"
    assert list(tags_of(text, META)) == [
        ("meta", {"name": "a", "content": "b & c"}),
        ("meta", {"name": "d", "content": "e"}),
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"a<!-- b -->c", "ac"),
        (b"a<!-- b", "a"),
        (b"<meta charset=latin-1>\xe9", "<meta charset=latin-1>\xe9"),
        (b"<meta charset=no-such>\xc3\xa9", "<meta charset=no-such>\xe9"),
        (b"\xff", "\ufffd"),
        (b"<meta charset=idna>\xc3\xa9", "<meta charset=idna>\xe9"),
        (b"<meta charset=undefined>a", "<meta charset=undefined>a"),
        (b"<meta charset=base64>a", "<meta charset=base64>a"),
        (b"<meta charset=utf-7>+ADw-b+AD4-", "<meta charset=utf-7>+ADw-b+AD4-"),
    ],
)
def test_the_text_of_a_page(body, text):
    assert text_of(body) == text


def test_no_more_than_the_beginning_is_read():
    assert len(text_of(b"x" * (MAX_PAGE + 5))) == MAX_PAGE


@pytest.mark.parametrize("piece", [b"<!--", b"<meta ", b"<meta a=", b'<meta a="', b"<meta a='x' ", b"<"])
@pytest.mark.parametrize("start", [b"", b"<meta charset=punycode>-zz32b"], ids=["plain", "punycode"])
def test_what_is_made_to_cost_time_costs_little(start, piece):
    started = time.monotonic()
    list(tags_of(text_of(start + piece * (MAX_PAGE // len(piece))), META))
    assert time.monotonic() - started < 2.0
