"""Sources: what each brought, how it went, on and off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.models import Event, Reading, Source
from winnow.services.sources import set_trust

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


def test_a_source_shows_its_course_as_small_pictures(visit, source):
    for n in range(3):
        counts = {"fields": {"description": 4 + n}, "duplicates": {"duplicate": 1}}
        Reading.objects.create(source=source, read_at=timezone.now(), n_new=10, counts=counts)
    page = visit("/sources/feed")
    assert page.all(r'<th scope="row">(.*?)</th>') == ["new entries in a reading", "duplicate", "with description"]
    assert page.all(r"<td>(\d+%?)</td>") == ["10", "10", "10%", "10%", "60%", "50%"]
    assert len(page.all(r'(<svg class="spark"[^>]* role="img" aria-label="[^"]+"><polyline points="[\d., ]+")')) == 3


def test_a_source_without_readings_says_so(visit, source):
    assert "It has brought nothing new yet." in visit("/sources/feed").main


def test_the_delay_from_date_to_page_is_told(visit, make_item, source):
    Reading.objects.create(source=source, read_at=timezone.now() - timedelta(days=1), n_new=1)
    for hours in (1, 2, 9):
        item = make_item(state="published", source=source, dated_at=timezone.now() - timedelta(hours=hours))
        assert item.published_at is not None
    assert "From a work's own date to its page here: 2 hours (median of 3 works)." in visit("/sources/feed").main


def test_probation_is_told_with_its_reason_and_in_the_log(visit, source):
    set_trust(source=source, is_trusted=True, reason="it agrees", account=None)
    set_trust(source=source, is_trusted=False, reason="<b>odd</b>", account=None)
    for address in ("/sources", "/sources/feed"):
        assert "&lt;b&gt;odd&lt;/b&gt;" in visit(address).main
    assert [text.strip() for text in visit("/sources/feed").all(r"</time>: ([^<]*?):")] == ["on probation", "trusted"]


def test_a_source_that_lacks_credentials_says_so(visit, source):
    Source.objects.filter(pk=source.pk).update(kind="x", address="https://api.x.com/2/users/7/tweets")
    for address in ("/sources", "/sources/feed"):
        assert "WINNOW_X_TOKEN" in visit(address).main


def test_an_operator_decides_about_trust_and_moves(visit, send, cast, source):
    set_trust(source=source, is_trusted=True, reason="it agrees", account=None)
    Source.objects.filter(pk=source.pk).update(moved_to="https://example.net/feed.xml")
    page = visit("/sources/feed", who=cast.operator)
    assert page.all(r'<button name="(\w+)" value="(\w+)"') == [("trust", "no"), ("move", "yes")]
    send("/sources/feed/decide", who=cast.operator, trust="no")
    send("/sources/feed/decide", who=cast.operator, move="yes")
    send("/sources/feed/decide", who=cast.operator, move="yes")
    source.refresh_from_db()
    assert (source.trust, source.is_held, source.address) == ("probation", True, "https://example.net/feed.xml")
    assert Event.objects.get(kind="source.moved").account == cast.operator


def test_a_reader_decides_nothing(send, cast, source):
    before = source.trust
    assert send("/sources/feed/decide", who=cast.reader, trust="yes").status_code == 403
    source.refresh_from_db()
    assert source.trust == before


def test_a_source_that_is_not_there_is_not_found(visit):
    visit("/sources/nothing", status=404)
