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


def test_sources_are_trusted_put_on_probation_and_moved_by_name(winnow, tmp_path):
    feed = tmp_path / "f.xml"
    feed.write_text("<rss/>")
    winnow("sources", "add", feed, "--name", "mine")
    trusts = [winnow("sources", verb, "mine").out for verb in ("trust", "probation")]
    assert trusts == ["mine is trusted.\n", "mine is on probation.\n"]
    (row,) = [row for row in winnow("sources", "list", "--json").rows if row["name"] == "mine"]
    assert (row["trust"], row["probation_reason"], row["needs"]) == ("probation", "an operator decided so", "")
    moved = winnow("sources", "move", "mine")
    assert (moved.status, moved.err) == (1, "winnow: mine does not say that it has moved\n")


def test_lists_are_imported_and_exported(winnow, tmp_path):
    path = tmp_path / "mine.opml"
    path.write_text(
        '<opml><body><outline text="A" xmlUrl="https://a.test/f"/><outline xmlUrl="ftp://b.test/"/></body></opml>'
    )
    done = winnow("sources", "import", path)
    assert (done.status, done.out) == (1, "1 added, 0 here already, 1 refused\n")
    assert done.err.startswith(f"{path}:1: ftp://b.test/: not an address")
    assert 'title="A" xmlUrl="https://a.test/f"' in winnow("sources", "export").out
    assert winnow("sources", "add", "x", "https://x.com/ada").out.splitlines()[1].startswith("X needs WINNOW_X_TOKEN")
