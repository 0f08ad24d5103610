"""The public log."""

import feedparser
import pytest

from winnow.models import Event
from winnow.queries.log import PER_PAGE
from winnow.services import publish
from winnow.services.log import record_event
from winnow.web.paths import item_path


def test_what_was_decided_is_told_newest_first_with_the_role_of_who_did_it(visit, make_item, cast, tags):
    item = make_item("A work", state="published", tag="mlops")
    publish.publish_item(item, tag=tags["other"], decided_by="person", account=cast.engineer)
    html = visit("/log")
    rows = html.all(r'<article class="row".*?</article>')
    assert "Moved to Other machine learning by a person." in rows[0]
    assert f"by engineer {cast.engineer.pk}" in rows[0]
    assert item_path(item) in rows[0]


def test_what_is_not_public_and_what_was_taken_down_has_no_name(visit, make_item, cast):
    record_event("account.invited", is_public=False)
    item = make_item("A secret title", state="published")
    publish.remove_item(item, account=cast.owner, reason="asked for")
    main = visit("/log").main
    assert "A secret title" not in main
    assert "invited" not in main
    assert "A work that was taken down" in main


@pytest.mark.parametrize(("kind", "data", "words"), [
    ("model.deployed", {"ref": "v5-1", "role": "champion"}, "The model v5-1 serves as champion."),
    ("guideline.changed", {"tag": "mlops", "version": 2}, "The guideline of MLOps was changed; it is version 2 now."),
    ("dataset.frozen", {}, "The gold data were frozen as ?: ? works."),
    ("something.new", {}, "Something: new."),
])  # fmt: skip
def test_what_is_not_about_a_work_has_its_sentence(visit, tags, kind, data, words):
    record_event(kind, **data)
    assert words in visit("/log").main


def test_the_log_goes_on_by_cursor(visit, tags):
    Event.objects.all().delete()
    for n in range(PER_PAGE + 2):
        record_event("something.new", n=n)
    first = visit("/log")
    assert len(first.all(r'<article class="row"')) == PER_PAGE
    (older,) = first.all(r'rel="next" href="([^"]+)"')
    assert len(visit(f"/log{older}").all(r'<article class="row"')) == 2
    visit("/log?after=nonsense", status=400)


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_the_log_is_a_feed(client, make_item, form):
    make_item("<b>A work</b>", state="published")
    answer = client.get(f"/log.{form}")
    found = feedparser.parse(answer.content)
    assert (answer.status_code, found.bozo) == (200, False)
    assert any("Published under MLOps" in entry.title for entry in found.entries)


def test_an_empty_log_says_so(visit, tags):
    Event.objects.all().delete()
    assert "Nothing has happened yet" in visit("/log").main
