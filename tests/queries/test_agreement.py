"""What people said on their own, and what does not count as that."""

import pytest

from winnow.models import Label, ReviewTask
from winnow.queries.agreement import Opinions, opinions


@pytest.fixture
def task(make_item):
    return ReviewTask.objects.create(item=make_item(state="in_review"), reason="low_confidence")


def say(task, account, tag, **others):
    return Label.objects.create(item=task.item, task=task, account=account, tag=tag, **others)


def test_two_people_are_needed_and_their_last_word_counts(task, tags, cast):
    say(task, cast.reviewer, tags["mlops"])
    assert opinions() == []
    say(task, cast.other_reviewer, None)
    later = ReviewTask.objects.create(item=task.item, reason="reported")
    say(later, cast.reviewer, tags["other"])
    said = {cast.reviewer.pk: "other", cast.other_reviewer.pk: "not-ml"}
    assert opinions() == [Opinions(task.item_id, said, frozenset({"low_confidence", "reported"}))]
    assert opinions()[0].is_disputed


def test_what_is_no_opinion_of_ones_own_is_left_out(task, tags, cast, make_item):
    say(task, cast.reviewer, tags["mlops"])
    undone = say(task, cast.other_reviewer, tags["other"])
    say(task, cast.other_reviewer, None, undoes=undone)
    say(task, cast.engineer, None, is_unsure=True)
    say(task, cast.owner, tags["other"], annotator="elsewhere")
    say(task, cast.operator, None, restores=True)
    Label.objects.create(item=task.item, tag=tags["other"], is_gold=True)
    settling = ReviewTask.objects.create(item=task.item, reason="disagreement")
    say(settling, cast.engineer, tags["other"])
    assert opinions() == []
    say(task, cast.engineer, None, copy_of=make_item(state="published"))
    assert opinions()[0].said == {cast.reviewer.pk: "mlops", cast.engineer.pk: "copy"}


def test_those_who_agree_are_not_disputed(task, tags, cast):
    say(task, cast.reviewer, tags["mlops"])
    say(task, cast.other_reviewer, tags["mlops"])
    assert not opinions()[0].is_disputed
