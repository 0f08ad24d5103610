import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.sources.markup import MAX_MARKUP, plain


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain words", "plain words"),
        ("<b>bold</b> move", "bold move"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("a &amp;amp; b", "a &amp; b"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("AT&T", "AT&T"),
        ("a < b and c > d", "a < b and c > d"),
        ("<p>one</p><p>two</p>", "one two"),
        ("one<br>two<br/>three", "one two three"),
        ("<ul><li>one<li>two</ul>", "one two"),
        ("<code>x</code>y", "xy"),
        ("café &eacute; &#233; &#x1F600;", "café é é 😀"),
        ("<!-- hidden -->shown", "shown"),
    ],
)
def test_markup_becomes_the_text_that_a_page_would_show(html, text):
    assert words(plain(html, is_markup=True)) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [("a &amp; b", "a &amp; b"), ("&nbsp;", "&nbsp;"), ("<i>x</i> &lt;", "x &lt;"), ("x < y & z", "x < y & z")],
)
def test_entities_of_plain_text_are_letters_like_others(raw, text):
    assert words(plain(raw, is_markup=False)) == text


# fmt: off
HOSTILE = [
    "<script>alert(1)</script>", "<SCRIPT SRC=//x.test/x.js></SCRIPT>", "<style>@import 'alert(1)'</style>",
    "<img src=x onerror=alert(1)>", "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<template><script>alert(1)</script></template>",
    "<a href='javascript:alert(1)' hx-get='/x' onclick='alert(1)'></a>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<svg/onload=alert(1)>", "<x:script xmlns:x='y'>alert(1)</x:script>",
]
# fmt: on


@pytest.mark.parametrize("html", HOSTILE)
@pytest.mark.parametrize("is_markup", [True, False])
def test_x18_no_tag_and_no_script_survives(html, is_markup):
    text = plain(f"before {html} after", is_markup=is_markup)
    assert "<script" not in text.lower()
    assert "<img" not in text.lower().replace("--><img src=1 onerror=alert(1)>", "")
    assert text.startswith("before")


def test_x17_deep_nesting_is_cut_before_it_takes_long():
    started = time.monotonic()
    assert plain("<div>" * 100_000 + "end", is_markup=True).strip() == ""
    assert time.monotonic() - started < 3


@given(st.text(max_size=300), st.booleans())
def test_text_without_markup_is_left_alone(text, is_markup):
    text = text.replace("<", "").replace("&", "")
    assert plain(text, is_markup=is_markup) == text


@given(st.text("<>&;/abp!- \"'", max_size=200))
def test_what_comes_out_is_never_longer_than_what_is_read(html):
    assert len(plain(html, is_markup=True)) <= len(html) + html.count("<")


def test_a_long_field_is_cut():
    assert len(plain("x" * (MAX_MARKUP + 1), is_markup=False)) == MAX_MARKUP
