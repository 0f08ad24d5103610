"""Sources: what each brought, how it went, on and off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.models import Event, Source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tags")]


@pytest.fixture
def source():
    return Source.objects.create(
        name="feed", kind="feed", address="https://example.org/feed.xml", title="A feed", next_fetch_at=timezone.now()
    )


def test_what_a_source_brought_is_counted_by_outcome(visit, make_item, source):
    face = make_item(state="published", source=source)
    for state in ("published", "in_review", "rejected"):
        make_item(state=state, source=source)
    make_item(state="duplicate", duplicate_of=face, source=source)
    assert visit("/sources").all(r'<p class="says">(.*?)</p>') == ["5 works: 2 published, 1 waiting, 2 withheld."]


@pytest.mark.usefixtures("source")
def test_a_failure_is_told_in_words(visit):
    Source.objects.update(error_code="timeout", error_message="the server did not answer within 20 seconds")
    assert "the server did not answer within 20 seconds" in visit("/sources").main


@pytest.mark.usefixtures("source")
def test_the_last_reading_has_its_time(visit):
    assert "not read yet" in visit("/sources").main
    Source.objects.update(fetched_at=timezone.now() - timedelta(hours=3))
    assert visit("/sources").all(r"read <time[^>]*>(.*?)</time>") == ["3 hours ago"]


def test_the_folders_of_the_machine_are_nobodys_business(visit):
    Source.objects.create(name="file", kind="file", address="/home/ada/secret/feed.xml")
    html = visit("/sources")
    assert ("feed.xml" in html.main, "secret" in html.text) == (True, False)


def test_an_operator_switches_off_and_on(send, cast, source):
    seen = []
    for on in ("no", "yes", "yes"):
        assert send("/sources/feed/switch", who=cast.operator, on=on)["Location"] == "/sources"
        source.refresh_from_db()
        seen.append((source.is_active, source.next_fetch_at is not None))
    assert seen == [(False, False), (True, True), (True, True)]
    switched = Event.objects.filter(kind__startswith="source.").order_by("pk")
    assert list(switched.values_list("kind", flat=True)) == [
        "source.switched_off",
        "source.switched_on",
    ]


@pytest.mark.usefixtures("source")
def test_the_switch_is_shown_to_operators_alone(visit, cast):
    assert "/switch" not in visit("/sources").main
    assert "/switch" not in visit("/sources", who=cast.reviewer).main
    assert visit("/sources", who=cast.operator).all(r'action="(/sources/[^"]+)"') == ["/sources/feed/switch"]


def test_a_source_that_is_not_here_cannot_be_switched(send, cast):
    assert send("/sources/none/switch", who=cast.operator, on="yes").status_code == 404
