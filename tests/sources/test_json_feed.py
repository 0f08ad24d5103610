import json

import pytest

from winnow.core.errors import FetchError
from winnow.sources.json_feed import MAX_DEPTH, read_json_feed

VERSION = "https://jsonfeed.org/version/1.1"


def body(*items: dict, **members) -> bytes:
    return json.dumps({"version": VERSION, "title": "Feed", "items": items} | members).encode()


def entry(**fields) -> dict:
    return read_json_feed(body(fields), "https://a.test/feed.json")["entries"][0]


def refusal(raw: bytes) -> str:
    with pytest.raises(FetchError) as caught:
        read_json_feed(raw, "")
    return caught.value.code


def test_fields_of_an_entry():
    assert entry(
        id="1",
        title="A <b>title</b> &amp; more",
        url="/x",
        content_html="<p>Some <i>text</i> &amp; more</p>",
        date_published="2026-11-25T12:00:00+01:00",
        authors=[{"name": "Ada"}, {"name": "Alan"}],
    ) == {
        "id": "1",
        "title": "A title &amp; more",
        "summary": " Some text & more ",
        "link": "https://a.test/x",
        "published": "2026-11-25T11:00:00+00:00",
        "author": "Ada",
    }


def test_other_names_of_the_fields():
    found = entry(
        id=7, external_url="https://b.test/", content_text="text", date_modified="2026-11-25", author={"name": "Ada"}
    )
    assert [found[field] for field in ("id", "title", "link", "summary", "published", "author")] == [
        "7", "", "https://b.test/", "text", "2026-11-25T00:00:00+00:00", "Ada",
    ]  # fmt: skip


def test_a_summary_goes_before_the_content():
    assert entry(summary="short", content_text="long", content_html="<p>long")["summary"] == "short"


def test_fields_of_the_wrong_kind_count_as_absent():
    found = entry(id=True, title=["x"], url={"a": 1}, summary=None, authors="Ada", author=7, date_published=[])
    assert found == {"id": "", "title": "", "summary": "", "link": "", "published": "", "author": ""}


def test_x16_links_are_resolved_against_the_home_page_and_must_lead_to_the_web():
    items = [{"url": link} for link in ("x", "//c.test/", "javascript:alert(1)", "ftp://c.test/", "")]
    feed = read_json_feed(body(*items, home_page_url="https://home.test/blog/"), "https://a.test/")
    assert [found["link"] for found in feed["entries"]] == [
        "https://home.test/blog/x", "https://c.test/", "", "", "",
    ]  # fmt: skip


def test_an_empty_feed_is_a_feed():
    assert read_json_feed(body(), "") == {"title": "Feed", "entries": [], "left_out": 0}


def test_x6_of_many_items_the_newest_are_kept():
    items = [{"id": str(number), "date_published": f"20{number % 60:02}-01-01"} for number in range(600)]
    feed = read_json_feed(body(*items), "")
    assert (len(feed["entries"]), feed["left_out"]) == (500, 100)
    assert min(found["published"] for found in feed["entries"]) == "2010-01-01T00:00:00+00:00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_x9_every_encoding_of_json_is_read(encoding):
    raw = json.dumps({"version": VERSION, "title": "Ä", "items": []}, ensure_ascii=False).encode(encoding)
    assert read_json_feed(raw, "")["title"] == "Ä"


# fmt: off
NO_FEEDS = [
    b"[]", b"{}", b"7", b"{", b"", b'{"version": "1", "items": []}', body(items=None), body(items={}), body(items=[1]),
    body()[:-5], b"\xff{}", b'{"a": NaN}', b'{"a": 1, "a": 2}', body(n=float("inf")), b'{"a": ' + b"9" * 5000 + b"}",
]
# fmt: on


@pytest.mark.parametrize("raw", NO_FEEDS)
def test_x15_json_that_is_broken_ambiguous_or_no_feed_is_refused(raw):
    assert refusal(raw) == "not_a_feed"


def test_x15_nesting_is_limited():
    def nested(depth: int) -> bytes:
        return body(x=json.loads("[" * depth + "]" * depth))

    assert read_json_feed(nested(MAX_DEPTH - 1), "")["entries"] == []
    assert refusal(nested(MAX_DEPTH)) == "too_complex"
    assert refusal(b'{"items":' + b"[" * 100_000) == "too_complex"
