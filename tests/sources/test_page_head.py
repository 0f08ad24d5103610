"""Feeds that pages name."""

import time

import pytest

from winnow.sources.page_head import named_feeds
from winnow.sources.page_tags import MAX_PAGE

PAGE = "https://blog.test/en/about"
RSS = 'rel="alternate" type="application/rss+xml"'


def addresses(body, address=PAGE):
    return [feed.address for feed in named_feeds(body if isinstance(body, bytes) else body.encode(), address)]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (f'<link {RSS} href="/feed.xml">', ["https://blog.test/feed.xml"]),
        (f'<link {RSS} href="feed.xml"/>', ["https://blog.test/en/feed.xml"]),
        (f'<link {RSS} href="//cdn.test/f">', ["https://cdn.test/f"]),
        (f'<base href="https://other.test/x/"><link {RSS} href="f">', ["https://other.test/x/f"]),
        (f'<base href="/down/"><link {RSS} href="f">', ["https://blog.test/down/f"]),
        (f'<base href="javascript:x"><link {RSS} href="f">', ["https://blog.test/en/f"]),
        ("<LINK HREF='/f' TYPE='application/atom+xml' REL='alternate home'>", ["https://blog.test/f"]),
        ("<link rel=alternate type=application/feed+json href=/f.json>", ["https://blog.test/f.json"]),
        (f'<link {RSS} href="/f?a=1&amp;b=2">', ["https://blog.test/f?a=1&b=2"]),
        (f'<link {RSS} href="/c" title="Comments"><link {RSS} href="/f">', ["https://blog.test/f", "https://blog.test/c"]),
        (f'<link {RSS} href="/f"><link {RSS} href="/f">', ["https://blog.test/f"]),
        (f'<!-- <link {RSS} href="/old"> --><link {RSS} href="/f">', ["https://blog.test/f"]),
        ('<link rel="stylesheet" type="application/rss+xml" href="/f">', []),
        ('<link rel="alternate" type="text/html" hreflang="de" href="/de">', []),
        (f'<link {RSS} href="javascript:alert(1)">', []),
        (f"<link {RSS}>", []),
        ("", []),
    ],
)  # fmt: skip
def test_feeds_of_a_head(head, found):
    assert addresses(f"<html><head>{head}</head>") == found


def test_titles_come_along():
    (feed,) = named_feeds(f'<link {RSS} href="/f" title="Ada&#39;s blog">'.encode(), PAGE)
    assert feed.title == "Ada's blog"


def test_other_encodings_are_read():
    body = f'<meta charset="koi8-r"><link {RSS} href="/f" title="Лента">'.encode("koi8-r")
    assert named_feeds(body, PAGE)[0].title == "Лента"
    assert addresses(f'<meta charset="klingon"><link {RSS} href="/f">') == ["https://blog.test/f"]


@pytest.mark.parametrize("piece", ["<!--", "<link ", "<link a=", '<link a="', "<", "<base><link rel=alternate ", "a= "])
def test_a_hostile_page_takes_no_time(piece):
    body = (piece * (MAX_PAGE // len(piece) + 1)).encode()
    started = time.process_time()
    assert addresses(body) == []
    assert time.process_time() - started < 2.0


def test_real_pages_name_their_feeds(feeds):
    page = (feeds / "netnewswire" / "DaringFireball.html").read_bytes()
    assert addresses(page, "https://daringfireball.net/")[:1] == ["https://daringfireball.net/feeds/main"]
    page = (feeds / "netnewswire" / "YouTubeTheVolvoRocks.html").read_bytes()
    assert "https://www.youtube.com/feeds/videos.xml?channel_id=UCct7QF2jcWRY6dhXWMSq9LQ" in addresses(page)
