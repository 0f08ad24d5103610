"""What was said of a copy goes to its face and comes back."""

import pytest

from winnow.models import Mark, Report
from winnow.services.follow import carry_feedback, return_feedback


@pytest.fixture
def face(make_item):
    return make_item("Face", state="published")


@pytest.fixture
def copy(make_item):
    return make_item("Copy", state="published")


def report(item, voice, **fields):
    return Report.objects.create(item=item, kind="spam", reporter=voice, **fields)


def voices(item):
    return sorted(Report.objects.filter(item=item).values_list("reporter", flat=True))


def test_it_follows_and_comes_back(face, copy):
    report(copy, "a"), report(copy, "b"), report(face, "c")
    assert (carry_feedback(copy, face), voices(face), voices(copy)) == (2, ["a", "b", "c"], [])
    assert (return_feedback(copy), voices(face), voices(copy)) == (2, ["c"], ["a", "b"])
    assert Report.objects.filter(origin__isnull=False).count() == 0


def test_a_voice_counts_once_for_a_work(face, copy):
    report(face, "a"), report(copy, "a")
    assert (carry_feedback(copy, face), voices(face), voices(copy)) == (0, ["a"], ["a"])


def test_what_came_from_farther_keeps_its_origin(face, copy, make_item):
    third = make_item("Third", state="published")
    report(third, "a")
    carry_feedback(third, copy)
    carry_feedback(copy, face)
    assert Report.objects.get().origin == third
    return_feedback(third)
    assert voices(third) == ["a"]


def test_nothing_to_carry_is_nothing(face, copy):
    assert (carry_feedback(copy, face), return_feedback(copy)) == (0, 0)


def mark(item, voice, kind="save"):
    return Mark.objects.create(item=item, kind=kind, voice=voice)


def test_marks_follow_and_come_back_and_who_marked_both_stays_at_both(face, copy):
    mark(copy, "a"), mark(copy, "b"), mark(face, "a"), mark(copy, "a", "hide")
    assert carry_feedback(copy, face) == 2
    assert sorted(face.marks.values_list("voice", "kind")) == [("a", "hide"), ("a", "save"), ("b", "save")]
    assert sorted(copy.marks.values_list("voice", "kind")) == [("a", "save")]
    assert return_feedback(copy) == 2
    assert sorted(copy.marks.values_list("voice", "kind")) == [("a", "hide"), ("a", "save"), ("b", "save")]
    assert sorted(face.marks.values_list("voice", "kind")) == [("a", "save")]
