import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.errors import FetchError
from winnow.sources.newest import MAX_ENTRIES
from winnow.sources.prescan import MAX_DEPTH, entry_spans, keep_newest


def texts(xml: bytes) -> list[bytes]:
    return [xml[start:end] for start, end in entry_spans(xml)]


def test_entries_of_rss_atom_and_prefixed_kinds_are_found():
    xml = b"<r><item a='1'>x</item><entry><a/></entry><atom:entry>y</atom:entry><ITEM>z</ITEM><items/></r>"
    assert texts(xml) == [
        b"<item a='1'>x</item>",
        b"<entry><a/></entry>",
        b"<atom:entry>y</atom:entry>",
        b"<ITEM>z</ITEM>",
    ]


def test_tags_inside_of_cdata_comments_and_instructions_are_no_elements():
    xml = b"<r><!-- <item> --><?x <item> ?><item><![CDATA[<item></item></r>]]></item></r>"
    assert texts(xml) == [b"<item><![CDATA[<item></item></r>]]></item>"]


def test_an_entry_that_is_not_closed_ends_where_the_next_begins():
    assert texts(b"<r><item><a>x<item>y</item></r>") == [b"<item><a>x", b"<item>y</item>"]
    assert texts(b"<r><item>x</r>") == [b"<item>x</r>"]


def test_x5_nesting_is_measured():
    assert entry_spans(b"<a>" * MAX_DEPTH) == []
    with pytest.raises(FetchError) as caught:
        entry_spans(b"<a>" * (MAX_DEPTH + 1))
    assert caught.value.code == "too_complex"


def test_elements_left_open_inside_of_others_do_not_add_up():
    assert entry_spans(b"<r>" + b"<p><br><hr></p>" * 1000 + b"</r>") == []
    assert len(entry_spans(b"<r>" + b"<item><br>" * 1000 + b"</r>")) == 1000
    assert entry_spans(b"<a/>" * 1000 + b"</x>" * 1000) == []


def test_x6_the_newest_entries_are_kept_and_the_rest_is_cut_out():
    def item(number: int) -> bytes:
        return b"<item><pubDate>Wed, %02d Nov 2026 %02d:00:00 GMT</pubDate></item>" % (
            1 + number // 24 % 28,
            number % 24,
        )

    items = [item(number) for number in range(MAX_ENTRIES + 100)]
    xml, n_left_out = keep_newest(b"<rss>" + b"\n".join(items) + b"</rss>")
    assert (n_left_out, texts(xml)) == (100, items[100:])
    assert (xml.startswith(b"<rss>"), xml.endswith(b"</rss>")) == (True, True)


@pytest.mark.parametrize(
    "tag", [b"pubDate", b"published", b"updated", b"dc:date", b"atom:updated", b"modified", b"issued"]
)
def test_x6_dates_are_known_under_all_their_names(tag):
    items = [b"<item><%b>20%02d-01-01</%b></item>" % (tag, number % 60, tag) for number in range(MAX_ENTRIES + 60)]
    kept, n_left_out = keep_newest(b"".join(items))
    assert n_left_out == 60
    assert b"2000-01-01" not in kept


def test_x6_without_dates_the_first_are_kept():
    items = [b"<item>%d</item>" % number for number in range(MAX_ENTRIES + 1)]
    assert keep_newest(b"".join(items)) == (b"".join(items[:-1]), 1)


@given(st.text("<>/?![]-CDAT itemnry='\"", max_size=300))
def test_spans_are_in_order_and_apart_whatever_comes(text):
    spans = entry_spans(text.encode())
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in spans)
