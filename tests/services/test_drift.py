"""Drift over real rows: found by source and overall, answered by a request for labels, then by training anew."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from winnow.models import Alert, DriftCheck, Event, Item, Job, Label, Renewal, ReviewTask, Source
from winnow.services import drift, drift_alarm
from winnow.services.drift import MEASURES, follow_alarms, is_due, look, watch_works, windows
from winnow.services.encode import pack

pytestmark = pytest.mark.django_db
ENGLISH = ("Segmentation of {} images", "We train a network for the segmentation of {} images with the data.")
GERMAN = ("Segmentierung von {} Bildern", "Wir lernen ein Netz für die Segmentierung der Bilder und zeigen das.")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def work(tags, audited_model):
    """Put works into the past: six a day, for days counted back, of a source."""
    generator = np.random.default_rng(3)

    def make(source, days, now, *, texts=ENGLISH, n_a_day=6, confidence=0.8, shift=0.0):
        rows = [
            Item(
                source=source,
                external_id=f"{day}-{n}",
                title=texts[0].format(f"river {n}"),
                description=texts[1].format("lung") + " More of it." * int(generator.integers(5)),
                state="published",
                dated_at=now,
                tag=tags["mlops"],
                likely_tag=tags["mlops" if generator.random() < 0.7 else "other"],
                confidence=min(confidence + 0.1 * float(generator.random()), 1.0),
                decided_by="model",
                model_version=audited_model,
                vector=pack(generator.normal(size=16).astype(np.float32) + shift),
                encoder_sha256="e" * 64,
            )
            for day in days
            for n in range(n_a_day)
        ]
        made = Item.objects.bulk_create(rows)
        for day, start in zip(days, range(0, len(made), n_a_day), strict=True):
            pks = [item.pk for item in made[start : start + n_a_day]]
            Item.objects.filter(pk__in=pks).update(admitted_at=now - timedelta(days=day, hours=1))

    return make


@pytest.fixture
def source():
    return Source.objects.create(name="papers", kind="feed", address="https://papers.test/feed")


@pytest.fixture
def steady(work, source, now):
    """Ten weeks in which nothing changes."""
    work(source, range(90), now)


@pytest.fixture
def drifted(work, source, now):
    """Twelve weeks of English, then a week of German and unsure answers."""
    work(source, range(7, 90), now)
    work(source, range(7), now, texts=GERMAN, confidence=0.3, shift=1.5)
    return source


def test_what_does_not_change_raises_no_alarm(steady, now):
    checks = look(now, since=None, seed=1)
    assert {(check.measure, check.source_id is None) for check in checks} == {
        (name, is_whole) for name in MEASURES for is_whole in (True, False)
    }
    assert not any(check.is_alarm for check in checks)
    assert not ReviewTask.objects.exists()
    assert not Alert.objects.exists()


def test_the_budget_of_a_year_is_shared_by_all_monitors(steady, now):
    checks = look(now, since=now - timedelta(days=7), seed=1)
    assert sum(check.alpha for check in checks) == pytest.approx(7 / 365.25)
    assert all(check.n_now == 42 for check in checks)


def test_drift_is_found_in_each_measure_and_says_what_moved(drifted, now):
    found = {check.measure: check for check in look(now, since=None, seed=1) if check.source_id is None}
    alarms = {name for name, check in found.items() if check.is_alarm}
    assert alarms >= {"language", "unknown words", "vectors", "confidence"}
    assert "tags" not in alarms
    assert found["language"].says == "de: 0 % before, 100 % now".replace(" %", "%")


def test_the_first_action_is_a_request_for_labels_with_its_probability(drifted, now):
    look(now, since=None, seed=1)
    tasks = ReviewTask.objects.filter(reason="drift")
    assert drift_alarm.ASKED <= tasks.count() <= 42
    assert all(task.item.title.startswith("Segmentierung") for task in tasks)
    assert {round(task.probability, 9) for task in tasks} == {round(drift_alarm.ASKED / 42, 9)}
    alert = Alert.objects.get(kind="drift", subject="language of papers")
    assert "de: 0% before" in alert.says
    assert not Renewal.objects.exists()
    assert follow_alarms() == 0


def test_the_second_is_to_train_anew_once_people_have_answered(drifted, now, cast, tags):
    look(now, since=None, seed=1)
    tasks = list(ReviewTask.objects.filter(reason="drift"))
    for task in tasks:
        Label.objects.create(item=task.item, task=task, tag=tags["other"], account=cast.engineer, is_gold=True)
    ReviewTask.objects.update(closed_at=now)
    assert (follow_alarms(), follow_alarms()) == (1, 0)
    assert Renewal.objects.get().reason.startswith("after drift: ")


def test_answers_that_do_not_come_are_not_waited_for_for_ever(drifted, now):
    look(now, since=None, seed=1)
    Event.objects.filter(kind="drift.alarmed").update(created_at=now - drift.PATIENCE)
    assert follow_alarms() == 1


def test_an_alert_closes_once_a_look_finds_nothing(drifted, now):
    look(now, since=None, seed=1)
    Item.objects.filter(description=GERMAN[1]).update(description="")
    Item.objects.filter(title__startswith="Segmentierung").update(
        title=ENGLISH[0].format("river 1"), description=ENGLISH[1].format("lung")
    )
    Item.objects.filter(description="").update(description=ENGLISH[1].format("lung"))
    look(now, since=None, seed=2)
    assert not Alert.objects.filter(kind="drift", subject__startswith="language", closed_at=None).exists()


def test_what_another_model_or_encoder_said_is_not_compared(steady, now):
    recent = Item.objects.filter(admitted_at__gt=now - timedelta(days=7))
    recent.update(model_version=None, encoder_sha256="f" * 64)
    measures = {check.measure for check in look(now, since=None, seed=1)}
    assert measures == {"length", "language", "unknown words"}


def test_a_source_that_is_new_or_too_small_is_not_judged_alone(steady, work, now):
    work(Source.objects.create(name="new", kind="feed", address="https://new.test/"), range(5), now)
    work(Source.objects.create(name="small", kind="feed", address="https://small.test/"), [1, 20, 40], now)
    whole, parts = windows(now)
    assert [part.source.name for part in parts] == ["papers"]
    assert len(whole.items) == 63 * 6 + 5 * 6 + 3 * 6


def test_without_history_nothing_is_compared(make_item, now):
    assert not is_due()
    make_item()
    assert (is_due(), windows(now), look(now, since=None, seed=1)) == (False, (None, []), [])


def test_j9_a_week_lies_between_looks_and_a_day_between_jobs(steady, now):
    assert is_due()
    assert watch_works(seed=1)
    assert watch_works(seed=1) == []
    Job.objects.create(kind="drift", key="", run_at=now, done_at=now)
    assert not is_due()
    Job.objects.update(done_at=now - timedelta(days=2))
    assert is_due()


def test_a_large_stream_is_thinned_evenly(steady, now, monkeypatch):
    monkeypatch.setattr(drift, "MOST_WORKS", 200)
    monkeypatch.setattr("winnow.ml.drift.MIN_WORKS", 20)
    whole, _ = windows(now)
    assert len(whole.items) == 189
    assert len(np.unique(whole.days.of_work)) == 63
    assert not DriftCheck.objects.exists()
