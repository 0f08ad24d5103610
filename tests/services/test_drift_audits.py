"""A drop of precision is told from audits alone, asks for labels, and takes nothing back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.models import Alert, DriftCheck, Event, Item, Renewal, ReviewTask, TagBurn
from winnow.queries.drift import newest_checks
from winnow.services.drift import follow_alarms, watch_works
from winnow.services.drift_audits import look_at_audits
from winnow.services.promises import as_json

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def look(audited_model):
    """One look at the audits, by default when a week has passed since the last."""

    def look(every=WEEK, days=0):
        return look_at_audits(timezone.now() + timedelta(days=days), every=every)

    return look


@pytest.fixture
def dropped(audited, audited_model):
    """Thirty audits that were right, then a dozen of which all are wrong, of works that the model published."""
    for right in ["mlops"] * 30 + ["other"] * 12:
        audited("mlops", right)
    Item.objects.update(model_version=audited_model, decided_by="model")


def test_without_a_model_or_audits_there_is_nothing_to_look_at(tags, look, audited_model):
    assert look() is None
    assert not DriftCheck.objects.exists()


def test_what_holds_its_promise_leaves_a_row_a_week(audited, look):
    for _ in range(20):
        audited("mlops", "mlops")
    check = look()
    assert (check.measure, check.is_alarm, check.source, check.n_permutations) == ("audits", False, None, 0)
    assert (check.n_before, check.n_now, check.p_value) == (0, 20, 1.0)
    assert check.says == "0 of 20 audits wrong (0%), 10% allowed"
    assert (look(days=6), look(days=8) is None) == (None, False)
    assert not ReviewTask.objects.filter(reason="drift").exists()


def test_a_drop_raises_an_alarm_at_once_and_asks_for_labels(dropped, look):
    check = look()
    assert check.is_alarm
    assert check.p_value <= check.alpha == 0.5
    assert (check.n_before, 4 <= check.n_now <= 12) == (30, True)
    assert check.says.startswith(f"{check.n_now} of {check.n_now} audits wrong (100%)")
    alert = Alert.objects.get(kind="drift")
    assert (alert.subject, alert.says.startswith("precision of v6-1 may have dropped: ")) == ("audits", True)
    tasks = ReviewTask.objects.filter(reason="drift")
    assert tasks.count() == 30
    assert {round(task.probability, 6) for task in tasks} == {round(30 / 42, 6)}


def test_it_takes_nothing_back_and_is_told_once(dropped, look):
    assert look().is_alarm
    assert look(every=timedelta(0)).is_alarm is False
    assert Event.objects.filter(kind="drift.alarmed").count() == 1
    assert not TagBurn.objects.exists()
    assert not Alert.objects.filter(kind="drift", closed_at=None).exists()


def test_more_of_the_same_is_a_second_alarm(dropped, look, audited):
    look()
    for _ in range(12):
        audited("mlops", "other")
    assert look().is_alarm
    assert Event.objects.filter(kind="drift.alarmed", data__model="v6-1").count() == 2


def test_the_more_audits_a_year_the_more_evidence_an_alarm_needs(audited, look, settings):
    for right in ["mlops"] * 30 + ["other"] * 5:
        audited("mlops", right)
    settings.AUDIT_PUBLISHED = 100
    assert look().is_alarm is False
    settings.AUDIT_PUBLISHED = 0
    assert look().is_alarm is True


def test_a_change_of_how_many_audits_are_asked_for_hides_no_later_alarm(dropped, look, audited, settings):
    look()
    settings.AUDIT_PUBLISHED = 40
    for _ in range(14):
        audited("mlops", "other")
    assert look().is_alarm


def test_the_worker_looks_each_day_and_the_week_of_the_others_does_not_move(dropped, make_item):
    (check,) = watch_works(seed=1)
    assert (check.measure, check.is_alarm) == ("audits", True)
    assert watch_works(seed=1) == []
    ReviewTask.objects.filter(reason="drift").update(closed_at=timezone.now())
    assert follow_alarms() == 1
    assert Renewal.objects.get().reason.startswith("after drift: precision of v6-1")


def test_the_page_of_promises_shows_it_with_the_others(dropped, look):
    look()
    assert [check.measure for check in newest_checks()] == ["audits"]
    told = as_json()
    assert (told["drift"][0]["is_alarm"], told["false_alarms_a_year"]) == (True, 1.5)
