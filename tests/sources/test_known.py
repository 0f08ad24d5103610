"""Feeds of known services, told from an address alone."""

import pytest

from winnow.sources.known import known_feed

YOUTUBE = "https://www.youtube.com/feeds/videos.xml?"


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        ("https://www.youtube.com/channel/UCbfYPyITQ-7l4upoX8nvctg", f"{YOUTUBE}channel_id=UCbfYPyITQ-7l4upoX8nvctg"),
        ("https://m.youtube.com/channel/UCbfYPyITQ-7l4upoX8nvctg/videos", f"{YOUTUBE}channel_id=UCbfYPyITQ-7l4upoX8nvctg"),
        ("https://youtube.com/user/ada", f"{YOUTUBE}user=ada"),
        ("https://www.youtube.com/playlist?list=PL123&x=1", f"{YOUTUBE}playlist_id=PL123"),
        ("https://mastodon.social/@ada", "https://mastodon.social/@ada.rss"),
        ("https://fosstodon.org/users/ada/", "https://fosstodon.org/@ada.rss"),
        ("https://github.com/numpy/numpy", "https://github.com/numpy/numpy/releases.atom"),
        ("https://github.com/numpy/numpy.git", "https://github.com/numpy/numpy/releases.atom"),
        ("https://github.com/numpy/numpy/tags", "https://github.com/numpy/numpy/tags.atom"),
        ("https://github.com/numpy/numpy/commits/main", "https://github.com/numpy/numpy/commits.atom"),
        ("https://gitlab.com/a/b", "https://gitlab.com/a/b/-/tags?format=atom"),
        ("https://medium.com/@ada", "https://medium.com/feed/@ada"),
        ("https://medium.com/towards-data-science", "https://medium.com/feed/towards-data-science"),
        ("https://ada.medium.com/", "https://ada.medium.com/feed"),
        ("https://ada.substack.com", "https://ada.substack.com/feed"),
        ("https://dev.to/ada", "https://dev.to/feed/ada"),
        ("https://lobste.rs/t/ai", "https://lobste.rs/t/ai.rss"),
        ("https://bsky.app/profile/ada.bsky.social", "https://bsky.app/profile/ada.bsky.social/rss"),
    ],
)  # fmt: skip
def test_places_have_feeds(address, feed):
    assert known_feed(address) == feed
    assert known_feed(feed) == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "https://example.org/",
        "https://www.youtube.com/@ada",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://github.com/topics/nlp",
        "https://github.com/numpy",
        "https://github.com/a/b/issues",
        "https://ada.substack.com/p/post",
        "https://mastodon.social/@ada/123",
        "https://[",
    ],
)
def test_other_places_are_left_to_the_page_itself(address):
    assert known_feed(address) == ""
