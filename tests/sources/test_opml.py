"""Lists of subscriptions."""

import pytest

from winnow.core.errors import InputError
from winnow.sources.opml import MAX_DEPTH, Outline, read_opml, write_opml

NESTED = b"""<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="ML"><outline text="Papers &amp; more"><outline type="rss" text="A" title="A title" xmlUrl="https://a.test/f" htmlUrl="https://a.test/"/></outline>
<outline text="B" XMLURL="https://b.test/f"/></outline>
<outline xmlUrl="https://c.test/f"/><outline xmlUrl="https://a.test/f" text="again"/><outline text="no address"/></body></opml>"""


def test_nested_outlines_bear_their_folders_and_attributes():
    assert read_opml(NESTED, "mine.opml") == (
        Outline("https://a.test/f", "A title", "https://a.test/", "ML / Papers & more", "", 2),
        Outline("https://b.test/f", "B", "", "ML", "", 3),
        Outline("https://c.test/f", "", "", "", "", 4),
    )


def test_what_is_written_is_read_again():
    outlines = read_opml(NESTED, "mine.opml")
    again = read_opml(write_opml(outlines, "Mine <&>").encode(), "again.opml")
    assert [(o.address, o.title, o.page, o.folder) for o in again] == [
        (o.address, o.title, o.page, o.folder) for o in outlines
    ]


def test_kinds_of_our_own_come_back():
    text = write_opml([Outline("https://api.x.com/2/x", "X", kind="x"), Outline("https://a.test/", kind="feed")], "t")
    assert [outline.kind for outline in read_opml(text.encode(), "x")] == ["x", ""]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no proper XML"),
        (b"<opml><body></opml>", "mine.opml:1: is no proper XML"),
        (b"<rss/>", "is no OPML"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "declares entities"),
        (b'<!DOCTYPE opml [<!ENTITY % a SYSTEM "file:///etc/passwd">]><opml/>', "declares entities"),
        (b"<opml>" + b"<outline>" * (MAX_DEPTH + 1), "nested deeper"),
        (b" " * (8 * 1024 * 1024 + 1), "larger than 8 MiB"),
    ],
)
def test_what_cannot_be_read_says_where(content, reason):
    with pytest.raises(InputError, match=reason):
        read_opml(content, "mine.opml")


def test_real_lists_are_read(shared_data):
    files = sorted((shared_data / "recorded" / "opml").rglob("*.opml"))
    counts = {path.name: len(read_opml(path.read_bytes(), path.name)) for path in files}
    assert len(counts) == 23
    assert min(counts.values()) > 0
    assert (counts["data-science.opml"], counts["engineering_blogs.opml"]) == (247, 420)


def test_lists_that_are_no_proper_xml_are_read_outline_by_outline():
    content = """<opml version="1.0"><body>
    <outline text="News & more"><outline text="The "Paper" & co" title='It's "new"' description="by <a href="x">us</a>" xmlUrl="https://a.test/?a=1&b=2" type="rss" />
    </outline><outline text="B" xmlUrl="https://b.test/"></outline></body></opml>"""
    first, second = read_opml(content.encode(), "loose.opml")
    assert first == Outline("https://a.test/?a=1&b=2", 'It\'s "new"', "", "News & more", "", 2)
    assert (second.address, second.folder, second.line) == ("https://b.test/", "", 3)
