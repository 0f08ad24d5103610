"""The example feeds hold what the demo needs to meet."""

import json
from pathlib import Path

import feedparser
import pytest

FEEDS = Path(__file__).parents[2] / "data" / "feeds"
FILES = sorted(path for path in FEEDS.iterdir() if path.suffix != ".md")


def n_entries(path):
    if path.suffix == ".json":
        return len(json.loads(path.read_text())["items"])
    return len(feedparser.parse(path.read_bytes()).entries)


def test_there_are_at_least_six_feeds_of_three_kinds_with_120_entries():
    kinds = {".json": "json", ".atom": "atom", ".rss": "rss", ".xml": "rss"}
    assert len(FILES) >= 6
    assert {kinds[path.suffix] for path in FILES} == {"json", "atom", "rss"}
    assert sum(n_entries(path) for path in FILES) >= 120


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_page_about_the_feeds_counts_them_right(path):
    line = next(line for line in (FEEDS / "README.md").read_text().splitlines() if line.startswith(f"| `{path.name}`"))
    assert int(line.split("|")[3]) == n_entries(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_feed_is_one_that_others_can_read(path):
    if path.suffix == ".json":
        assert json.loads(path.read_text())["version"].startswith("https://jsonfeed.org/version/1")
    else:
        assert not feedparser.parse(path.read_bytes()).bozo
