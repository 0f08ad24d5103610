"""`winnow sources`."""

import pytest


def test_a_source_is_switched_on_and_off_and_listed_so(winnow, tmp_path):
    feed = tmp_path / "f.xml"
    feed.write_text("<rss/>")
    assert winnow("sources", "add", feed, "--name", "mine").out == f"Added: mine (file) {feed}\n"
    assert winnow("sources", "add", feed).out == f"Here already: mine (file) {feed}\n"
    assert winnow("sources", "off", "mine").out == "mine is off.\n"
    (line,) = [line for line in winnow("sources", "list").out.splitlines() if line.startswith("mine ")]
    assert line.split() == ["mine", "0", "items", "off", str(feed)]
    assert "reads it now" in winnow("sources", "on", "mine").out


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["sources", "off", "nothing"], 1),
        (["sources", "add", "feed", "https://example.org/", "more"], 2),
        (["sources", "add"], 2),
    ],
)
def test_what_cannot_be_is_one_line(winnow, words, status):
    done = winnow(*words)
    assert (done.status, done.out, len(done.err.splitlines())) == (status, "", 1)
