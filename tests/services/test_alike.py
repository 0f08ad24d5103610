"""One answer for a work and for those that wait because they look like it."""

import pytest

from winnow.core.errors import ConflictError
from winnow.models import Item, Label, ReviewTask
from winnow.services.alike import label_with_alike
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


def say(head, cast, among, **said):
    return label_with_alike(task=head, account=cast.reviewer, alike={item.pk for item in among}, **said)


def test_what_is_confirmed_becomes_a_copy_and_the_other_waits_on(head, alike, cast, tags):
    say(head, cast, [alike[0]], tag=tags["mlops"])
    given = Label.objects.get(item=alike[0])
    assert (given.copy_of_id, given.is_gold) == (head.item_id, True)
    assert states(alike) == ["duplicate", "in_review"]
    assert not ReviewTask.objects.filter(item=alike[0], closed_at=None).exists()


def test_what_is_not_machine_learning_has_no_copies_that_are(head, alike, cast):
    say(head, cast, alike, tag=None)
    assert states(alike) == ["rejected", "rejected"]


def test_copies_of_a_copy_are_copies_of_its_face_and_that_is_none_of_itself(head, alike, cast):
    say(head, cast, alike, tag=None, copy_of=alike[0])
    assert states(alike) == ["in_review", "duplicate"]
    assert Item.objects.get(pk=alike[1].pk).duplicate_of == alike[0]


def test_each_has_its_own_undo(head, alike, cast, tags):
    say(head, cast, alike, tag=tags["mlops"])
    undo_label(label=Label.objects.get(item=alike[0]), account=cast.reviewer)
    assert states(alike) == ["in_review", "duplicate"]


def test_an_answer_that_decided_nothing_says_nothing_of_others(head, alike, cast):
    say(head, cast, [alike[0]], tag=None, is_unsure=True)
    assert Label.objects.count() == 1


def test_l07_nobody_confirms_a_copy_that_they_submitted(head, alike, cast, tags):
    Item.objects.filter(pk=alike[0].pk).update(submitted_by=cast.reviewer)
    say(head, cast, [alike[0]], tag=tags["mlops"])
    assert not Label.objects.filter(item=alike[0]).exists()


def test_all_of_it_holds_or_nothing(head, alike, cast, tags, monkeypatch):
    def dies(*, task, **said):
        if task.item_id == alike[1].pk:
            raise ConflictError("it died here")
        return label_task(task=task, **said)

    monkeypatch.setattr("winnow.services.alike.label_task", dies)
    with pytest.raises(ConflictError):
        say(head, cast, alike, tag=tags["mlops"])
    assert not Label.objects.exists()
    assert states(alike) == ["in_review", "in_review"]
