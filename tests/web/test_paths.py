"""Addresses, and the refusal to lead anybody away."""

import pytest

from winnow.models import Item
from winnow.web.paths import item_path, local_or


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A fine title", "/i/7/a-fine-title"),
        ("", "/i/7/item"),
        ("تعلم الآلة", "/i/7/item"),
        ("../../etc/passwd?x=<b>", "/i/7/etcpasswdxb"),
        ("A" * 300, f"/i/7/{'a' * 60}"),
        ("word " * 20, "/i/7/word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_the_address_of_an_item_is_plain(title, expected):
    assert item_path(Item(pk=7, title=title)) == expected


@pytest.mark.parametrize("path", ["/review", "/recent?after=x", "/i/1/a#t1"])
def test_a_path_of_this_site_is_followed(rf, path):
    assert local_or(rf.get("/"), path, "/") == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "review",
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "///evil.example",
    ],
)
def test_other_ways_end_at_home(rf, path):
    assert local_or(rf.get("/"), path, "/home") == "/home"
