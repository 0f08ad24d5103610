"""A stream is trusted while it agrees with its history."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.core.values import Candidate
from winnow.models import Event, Item, Label, Reading, Report, ReviewTask, Source
from winnow.services import publish
from winnow.services.classify import ON_PROBATION, classify_admitted
from winnow.services.sources import BY_HAND, add_source, set_trust
from winnow.services.trust import KEPT_READINGS, MIN_DECIDED, judge_source, note_reading, note_tags

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def source():
    return add_source(address="https://example.org/feed.xml")[0]


def entries(n, described=True):
    return [
        Candidate(f"{n}", f"The title of the work {i}", "What it is about" if described else "", "https://e.test/")
        for i in range(n)
    ]


def read(source, n=10, *, days_ago=0.0, described=True, **outcomes):
    reading = note_reading(source, entries(n, described), outcomes, n_entries=n)
    reading.read_at = timezone.now() - timedelta(days=days_ago)
    reading.save()
    return reading


def history(source, days=30, n=10):
    for ago in range(days, 0, -1):
        read(source, n, days_ago=ago)


def trusted(source):
    set_trust(source=source, is_trusted=True, reason="for the test", account=None)
    return source


def test_new_sources_begin_on_probation_and_examples_do_not(source):
    from winnow.services.demo import example_feeds

    assert (source.trust, source.trust_changed_at) == ("probation", None)
    assert "it is new" in source.probation_reason
    assert add_source(address=str(example_feeds()[0]))[0].trust == "trusted"


def test_a_reading_counts_what_it_brought(source):
    reading = read(source, 4, duplicate=3, off_topic=1)
    assert (reading.n_new, reading.n_entries, reading.delay_seconds) == (4, 4, None)
    assert reading.counts == {
        "fields": {"description": 4, "date": 0, "author": 0, "usable": 4},
        "language": {"en": 4},
        "duplicates": {"duplicate": 3},
        "off_topic": {"off_topic": 1},
    }
    assert note_reading(source, [], {}, n_entries=4) is None


def test_the_delay_is_that_of_later_readings(source):
    read(source)
    dated = [Candidate("1", "T", published_at=timezone.now() - timedelta(hours=hours)) for hours in (1, 2, 30)]
    delay = note_reading(source, dated, {}, n_entries=3).delay_seconds
    assert delay == pytest.approx(2 * 3600, abs=60)


def test_old_readings_are_forgotten(source):
    Reading.objects.bulk_create(
        Reading(source=source, read_at=timezone.now(), n_new=1) for _ in range(KEPT_READINGS + 5)
    )
    read(source)
    assert source.readings.count() == KEPT_READINGS


def test_a_trusted_source_that_breaks_with_its_history_goes_on_probation_with_its_reasons(source):
    history(trusted(source))
    reading = read(source, 20, described=False)
    (broken,) = judge_source(source, reading)
    source.refresh_from_db()
    assert (source.trust, source.probation_reason) == ("probation", broken.said)
    assert broken.said == "description: 0 of 20 new entries, where 100% were usual"
    assert reading.broke == ["fields"]
    event = Event.objects.get(kind="source.on_probation")
    assert (event.data["source"], event.data["reason"]) == (source.name, broken.said)


def test_a_trusted_source_that_goes_on_as_before_stays_trusted(source):
    history(trusted(source))
    assert judge_source(source, read(source, 20)) == ()
    source.refresh_from_db()
    assert source.trust == "trusted"


def test_it_is_trusted_again_after_a_whole_window_that_agrees(source):
    history(trusted(source))
    judge_source(source, read(source, 20, described=False))
    source.refresh_from_db()
    states = []
    for _ in range(3):
        judge_source(source, read(source, 10))
        source.refresh_from_db()
        states.append(str(source.trust))
    assert states == ["probation", "trusted", "trusted"]


def test_it_stays_on_probation_while_it_does_not_agree(source):
    history(trusted(source))
    for _ in range(4):
        judge_source(source, read(source, 20, described=False))
        source.refresh_from_db()
    assert source.trust == "probation"


def test_what_an_operator_decides_holds(source, cast):
    history(trusted(source))
    set_trust(source=source, is_trusted=False, reason=BY_HAND, account=cast.operator, is_by_hand=True)
    for _ in range(4):
        judge_source(source, read(source, 20))
    source.refresh_from_db()
    assert (source.trust, source.is_held, source.probation_reason) == ("probation", True, BY_HAND)
    set_trust(source=source, is_trusted=True, reason=BY_HAND, account=cast.operator, is_by_hand=True)
    assert (source.trust, source.is_held) == ("trusted", False)


def test_trust_by_hand_makes_what_was_odd_a_part_of_history(source, cast):
    history(trusted(source))
    judge_source(source, read(source, 20, described=False))
    set_trust(source=source, is_trusted=True, reason=BY_HAND, account=cast.operator, is_by_hand=True)
    assert not source.readings.exclude(broke=[]).exists()


def decided(source, make_item, account, n, tag="mlops"):
    from winnow.models import Tag

    for _ in range(n):
        item = make_item(source=source)
        Label.objects.create(item=item, tag=tag and Tag.objects.get(pk=tag), account=account, is_gold=True)


@pytest.mark.parametrize(
    ("n_kept", "n_refused", "trust"),
    [(MIN_DECIDED, 0, "trusted"), (MIN_DECIDED - 1, 0, "probation"), (4, 1, "trusted"), (3, 2, "probation")],
)
def test_a_new_source_needs_a_history_and_peoples_word(source, make_item, cast, n_kept, n_refused, trust):
    decided(source, make_item, cast.reviewer, n_kept)
    decided(source, make_item, cast.reviewer, n_refused, tag=None)
    judge_source(source, read(source))
    source.refresh_from_db()
    assert source.trust == "probation"
    history(source)
    judge_source(source, read(source, 20))
    source.refresh_from_db()
    assert source.trust == trust


def test_silence_puts_a_source_on_probation_until_it_has_spoken_a_while(source):
    trusted(source)
    for ago in range(230, 200, -1):
        read(source, days_ago=ago)
    (broken,) = judge_source(source, None)
    source.refresh_from_db()
    assert (broken.expectation, source.trust) == ("freshness", "probation")
    judge_source(source, read(source, 20))
    source.refresh_from_db()
    assert source.trust == "trusted"


def test_reports_of_readers_count(source, make_item):
    history(trusted(source))
    for weeks in range(10):
        for n in range(8):
            item = make_item(source=source, state="published")
            Item.objects.filter(pk=item.pk).update(published_at=timezone.now() - timedelta(weeks=weeks, hours=1))
            if weeks == 0:
                Report.objects.create(item=item, kind="spam", reporter=f"r{n}")
    broken = judge_source(source, read(source, 10, days_ago=-1))
    assert [one.expectation for one in broken] == ["reports"]
    assert broken[0].said.startswith("reported: 8 of 8 new entries")


def test_what_items_were_taken_for_is_added_to_the_reading(source, make_item):
    started = timezone.now()
    reading = read(source, 2)
    make_item(source=source, state="in_review", likely_tag="mlops")
    make_item(source=source, state="in_review", likely_tag="computer-vision")
    note_tags(reading, since=started)
    assert reading.counts["tags"] == {"mlops": 1, "computer-vision": 1}


@pytest.mark.usefixtures("champion")
def test_what_a_source_on_probation_brings_goes_to_people(source, make_item):
    title = "Neural machine translation with transformers and attention"
    held = make_item(title, source=source)
    shown = make_item(f"{title}, again", source=trusted(add_source(address="https://example.org/other.xml")[0]))
    classify_admitted()
    held.refresh_from_db()
    shown.refresh_from_db()
    assert (held.state, shown.state) == ("in_review", "published")
    assert held.reason_detail == ON_PROBATION
    assert held.tasks.get().reason == ReviewTask.Reason.PROBATION
    assert Source.objects.get(pk=source.pk).trust == "probation"


def test_a_person_may_publish_what_is_held(source, make_item, tags):
    item = make_item(source=source, state="in_review")
    assert publish.publish_item(item, tag=tags["mlops"], decided_by=Item.DecidedBy.PERSON)
