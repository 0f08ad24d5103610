"""Counts without people, and what readers who are asked say."""

import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.services.experiments_cast import planned

from winnow.core.errors import ConflictError
from winnow.models import DayCount, ExperimentCount, Item, ItemViews, Label, TagOpinion
from winnow.services import value
from winnow.services.value import count, count_side, first_click, flush, give_opinion, is_to_be_asked


@pytest.fixture(autouse=True)
def _empty(db):
    flush()
    DayCount.objects.all().delete()
    ItemViews.objects.all().delete()


def counts():
    return dict(DayCount.objects.values_list("what", "n"))


def test_counts_are_written_together_and_add_up(make_item):
    item = make_item()
    for _ in range(2):
        for _ in range(3):
            count("view item", item=item.pk)
        count("view list")
        flush()
    assert counts() == {"view item": 6, "view list": 2}
    assert ItemViews.objects.get().n == 6
    flush()
    assert counts() == {"view item": 6, "view list": 2}


def test_what_is_not_here_any_more_is_not_counted(db):
    count("view item", item=10**9)
    flush()
    assert not ItemViews.objects.exists()


@pytest.mark.parametrize(("seconds", "what"), [(0, "10 s"), (29, "30 s"), (30, "2 min"), (10**6, "longer")])
def test_the_first_click_has_its_bucket(seconds, what):
    first_click(seconds)
    flush()
    assert counts() == {f"click {what}": 1}


def test_what_could_not_be_written_is_kept(monkeypatch):
    def away(*_):
        raise DatabaseError("away")

    count("view list")
    with monkeypatch.context() as patched:
        patched.setattr(value, "_add", away)
        flush()
    assert counts() == {}
    flush()
    assert counts() == {"view list": 1}


def test_only_what_a_model_sorted_of_late_is_asked_about(make_item, monkeypatch):
    monkeypatch.setattr(value, "ASKED_ONE_IN", 1)
    item = make_item(state="published")
    assert not is_to_be_asked(item)
    item.decided_by = Item.DecidedBy.MODEL
    assert is_to_be_asked(item)
    item.published_at = timezone.now() - timedelta(days=8)
    assert not is_to_be_asked(item)


def test_the_first_word_of_a_voice_holds_and_is_no_label(make_item):
    item = make_item(state="published", tag="mlops")
    for is_right in (False, True):
        give_opinion(item=item, is_right=is_right, voice="one")
    give_opinion(item=item, is_right=True, voice="two")
    assert list(TagOpinion.objects.order_by("pk").values_list("voice", "is_right")) == [("one", False), ("two", True)]
    assert not Label.objects.exists()


def test_what_is_not_published_is_judged_by_nobody(make_item):
    with pytest.raises(ConflictError):
        give_opinion(item=make_item(state="in_review"), is_right=True, voice="one")


@pytest.mark.django_db(transaction=True)
def test_what_is_due_is_written_by_a_thread_beside(monkeypatch):
    monkeypatch.setattr(value, "FLUSH_SECONDS", -1.0)
    count("view list")
    for thread in threading.enumerate():
        if thread.name == "value":
            thread.join()
    assert counts() == {"view list": 1}


def test_sides_of_an_experiment_are_sums_by_day_and_one_that_is_none_is_left_out(db):
    row = planned()
    for _ in range(2):
        count_side(row.pk, "control", "reader", day="2026-11-27")
        count_side(row.pk, "variant", "reader", day="2026-11-27")
        count_side(10**9, "variant", "reader", day="2026-11-27")
        flush()
    rows = ExperimentCount.objects.order_by("arm").values_list("arm", "day", "what", "n")
    assert list(rows) == [(arm, date(2026, 11, 27), "reader", 2) for arm in ("control", "variant")]


@pytest.mark.django_db(transaction=True)
def test_two_who_write_sums_at_once_lose_none(at_once):
    row = planned()
    sums = {(row.pk, arm, "2026-11-27", "reader"): 7 for arm in ("control", "variant")}

    def write():
        with transaction.atomic():
            value._add_sides(sums)

    assert at_once([write] * 4) == [None] * 4
    assert set(ExperimentCount.objects.values_list("n", flat=True)) == {28}
