"""One answer for a work and for those that wait because they look like it."""

import pytest

from winnow.models import Item, Label, ReviewTask
from winnow.services.alike import confirm_alike
from winnow.services.review import label_task, open_task, propose_copy, undo_label


@pytest.fixture
def head(make_item):
    """An undecided work's task."""
    return open_task(item=make_item("The work", state="in_review"), reason=ReviewTask.Reason.LOW_CONFIDENCE)


@pytest.fixture
def alike(make_item, head):
    """Two works that wait because they may be copies of it."""
    items = [make_item(f"The work, {n}", state="in_review") for n in range(2)]
    for item in items:
        propose_copy(item=item, face=head.item, evidence="titles")
    return items


def states(items):
    return [Item.objects.get(pk=item.pk).state for item in items]


def test_what_is_confirmed_becomes_a_copy_and_the_other_waits_on(head, alike, cast, tags):
    label = label_task(task=head, tag=tags["mlops"], account=cast.reviewer)
    (given,) = confirm_alike(label, among={alike[0].pk, 999}, account=cast.reviewer)
    assert (given.item_id, given.copy_of_id, given.is_gold) == (alike[0].pk, head.item_id, True)
    assert states(alike) == ["duplicate", "in_review"]
    assert not ReviewTask.objects.filter(item=alike[0], closed_at=None).exists()


def test_what_is_not_machine_learning_has_no_copies_that_are(head, alike, cast):
    label = label_task(task=head, tag=None, account=cast.reviewer)
    confirm_alike(label, among={item.pk for item in alike}, account=cast.reviewer)
    assert states(alike) == ["rejected", "rejected"]


def test_each_has_its_own_undo(head, alike, cast, tags):
    label = label_task(task=head, tag=tags["mlops"], account=cast.reviewer)
    given, _ = confirm_alike(label, among={item.pk for item in alike}, account=cast.reviewer)
    undo_label(label=given, account=cast.reviewer)
    assert states(alike) == ["in_review", "duplicate"]


def test_an_answer_that_decided_nothing_says_nothing_of_others(head, alike, cast):
    label = label_task(task=head, tag=None, is_unsure=True, account=cast.reviewer)
    assert confirm_alike(label, among={alike[0].pk}, account=cast.reviewer) == []
    assert Label.objects.count() == 1


def test_l07_nobody_confirms_a_copy_that_they_submitted(head, alike, cast, tags):
    Item.objects.filter(pk=alike[0].pk).update(submitted_by=cast.reviewer)
    label = label_task(task=head, tag=tags["mlops"], account=cast.reviewer)
    assert confirm_alike(label, among={alike[0].pk}, account=cast.reviewer) == []
