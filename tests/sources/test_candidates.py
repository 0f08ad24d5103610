"""Fields of a source become a Candidate."""

import math

import pytest

from winnow.sources.candidates import MAX_LINKS, compose, others

URL = "https://a.test/1"


def test_identity_is_all_of_its_parts():
    ids = {compose(parts, title="T", url=URL).external_id for parts in (("a", "b"), ("ab",), ("a",), ("a", "b", ""))}
    assert (len(ids), {len(one) for one in ids}) == (4, {64})


def test_signals_bear_the_moment_at_which_they_were_read():
    one = compose(("1",), title="T", url=URL, signals={"points": 3.0, "comments": math.inf})
    assert one.signals == {"points": 3.0}
    assert one.signals_read_at is not None
    assert compose(("1",), title="T", url=URL).signals_read_at is None


def test_links_are_other_web_addresses_each_once():
    given = [URL, "https://b.test/", "javascript:x", "https://b.test/", "", "https://c.test/"]
    assert others(given, URL) == ("https://b.test/", "https://c.test/")
    assert len(others([f"https://{n}.test/" for n in range(99)], URL)) == MAX_LINKS


@pytest.mark.parametrize(("title", "url", "field"), [("", URL, "title"), ("\u200b", URL, "title"), ("T", "", "url")])
def test_what_can_never_be_admitted_says_why(title, url, field):
    assert compose(("1",), title=title, url=url).fault.field == field
