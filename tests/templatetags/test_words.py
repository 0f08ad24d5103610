"""What a page says of a time, an Item, a Source."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

import winnow
from winnow.models import Item, ModelVersion, ReviewTask, Source
from winnow.templatetags import words
from winnow.templatetags.words import (
    TASKS,
    address_of,
    asset,
    is_provisional,
    named,
    task_in_words,
    web_address,
    when,
    why_chip,
)
from winnow.web.phrases import REASONS, reason_in_words

PROVISIONAL = ModelVersion(ref="v5-1", policy={"provenance": "starter set", "is_provisional": True})
CERTIFIED = ModelVersion(ref="v5-2", policy={"provenance": "your stream", "is_provisional": False})


def test_a_time_tells_distance_and_instant():
    at = timezone.now() - timedelta(hours=3)
    element = when(at)
    assert element.endswith(">3 hours ago</time>")
    assert f'datetime="{at:%Y-%m-%dT%H:%M:%S}+0000"' in element
    assert f"{at.day} {at:%B %Y, %H:%M} UTC" in element


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (Item(decided_by="person"), "A person decided."),
        (Item(), "Nobody has decided yet."),
        (Item(confidence=0.6), "Likeliest, but unsure (.60): a person will look."),
        (
            Item(decided_by="model", confidence=0.95, model_version=PROVISIONAL),
            "The model v5-1 decided, sure (.95); provisional.",
        ),
        (Item(decided_by="model", confidence=0.95, model_version=CERTIFIED), "The model v5-2 decided, sure (.95)."),
    ],
)
def test_a_chip_says_why(item, sentence):
    assert why_chip(item) == sentence


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (Item(decided_by="model", model_version=PROVISIONAL), True),
        (Item(decided_by="model", model_version=CERTIFIED), False),
        (Item(decided_by="person", model_version=PROVISIONAL), False),
        (Item(decided_by="model"), False),
    ],
)
def test_provisional_is_what_a_model_decided_without_proof_from_here(item, expected):
    assert is_provisional(item) is expected


def test_every_reason_has_words():
    assert (set(REASONS), set(TASKS)) == ({*Item.Reason.values, "probation"}, set(ReviewTask.Reason.values))
    assert [reason_in_words("spam"), reason_in_words("new"), task_in_words("new")] == ["Spam", "new", "new"]


@pytest.mark.parametrize("url", ["http://example.org/a", "https://example.org/", "HTTPS://EXAMPLE.ORG"])
def test_web_addresses_are_linked_to(url):
    assert web_address(url) == url


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "data:text/html,x", "//example.org", "ftp://example.org/a"])
def test_other_addresses_are_not(url):
    assert web_address(url) == ""


def test_of_a_file_only_its_name_is_told():
    assert address_of(Source(kind="file", address="/home/ada/feed.xml")) == "feed.xml"
    assert address_of(Source(kind="feed", address="https://example.org/feed")) == "https://example.org/feed"


def test_a_retired_tag_goes_by_its_slug():
    assert [named({"a": "A"}, "a"), named({"a": "A"}, "b")] == ["A", "b"]


def test_the_address_of_a_file_bears_its_content():
    data = (Path(winnow.__file__).parent / "static" / "winnow" / "site.css").read_bytes()
    assert asset("site.css") == f"/static/winnow/site.css?v={hashlib.sha256(data).hexdigest()[:8]}"


def test_a_file_that_is_not_there_is_an_error_of_the_template():
    with pytest.raises(TemplateSyntaxError, match=r"^there is no static file winnow/none\.css$"):
        asset("none.css")


def test_templates_need_no_loading():
    template = Template('{{ n|counted:"work" }}, {{ p|in_words }} {{ p|figure }} {{ d|change }} {{ item|path }}')
    item = Item(pk=3, title="One")
    assert template.render(Context({"n": 2, "p": 0.8, "d": -0.1, "item": item})) == (
        "2 works, fairly sure .80 −.10 /i/3/one"
    )


def test_a_small_picture_holds_its_values_and_its_words():
    drawn = words.spark([0.0, 5.0, 10.0], 'say "it"')
    assert 'aria-label="say &quot;it&quot;"' in drawn
    assert 'points="0.0,23.0 80.0,12.0 160.0,1.0"' in drawn
    assert "<polyline points=" in words.spark([], "nothing")
