"""Tasks and labels."""

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from winnow.models import Label, ReviewTask


def test_an_item_has_one_open_task_a_reason(refused, make_item):
    item = make_item(state="in_review")

    def ask(reason="low_confidence", **fields):
        return ReviewTask.objects.create(**{"item": item, **fields}, reason=reason)

    first = ask()
    assert refused(ask)
    assert not refused(lambda: ask("reported"))
    assert not refused(lambda: ask(item=make_item()))
    ReviewTask.objects.filter(pk=first.pk).update(closed_at=timezone.now())
    assert not refused(ask)
    assert refused(lambda: ReviewTask.objects.filter(pk=first.pk).update(closed_at=None))


def test_a_label_is_undone_once_and_stays_while_it_is(refused, make_item, tags):
    item = make_item()
    label = Label.objects.create(item=item, tag=tags["other"])
    Label.objects.create(item=item, undoes=label)
    assert refused(lambda: Label.objects.create(item=item, undoes=label))
    with pytest.raises(ProtectedError):
        label.delete()


def test_a_label_outlives_account_and_task_and_holds_its_tag(make_item, tags, cast):
    task = ReviewTask.objects.create(item=make_item(), reason="reported")
    label = Label.objects.create(item=task.item, tag=tags["other"], account=cast.reviewer, task=task)
    cast.reviewer.delete()
    task.delete()
    label.refresh_from_db()
    assert (label.account, label.task, label.tag) == (None, None, tags["other"])
    with pytest.raises(ProtectedError):
        tags["other"].delete()


def test_what_a_copy_was_said_to_copy_stays(make_item):
    face = make_item(state="published")
    Label.objects.create(item=make_item(), copy_of=face)
    with pytest.raises(ProtectedError):
        face.delete()


def test_a_hidden_task_is_for_one_person_once_beside_the_task_of_all(refused, make_item, cast):
    item = make_item(state="published")

    def hide(account):
        return ReviewTask.objects.create(item=item, reason="gold", for_account=account)

    hide(cast.reviewer)
    assert refused(lambda: hide(cast.reviewer))
    assert not refused(lambda: hide(cast.reader))
    assert not refused(lambda: ReviewTask.objects.create(item=item, reason="gold"))


@pytest.mark.parametrize("wrong", [{"probability": 0.0}, {"probability": 1.1}, {"n_wanted": 0}])
def test_a_task_has_a_probability_and_wants_somebody(refused, make_item, wrong):
    assert refused(lambda: ReviewTask.objects.create(item=make_item(), reason="audit", **wrong))


def test_a_label_has_its_key_once_a_person(refused, make_item, cast):
    def say(account, key):
        return Label.objects.create(item=make_item(), account=account, key=key)

    say(cast.reviewer, "a")
    assert refused(lambda: say(cast.reviewer, "a"))
    assert not refused(lambda: say(cast.reader, "a"))
    assert not refused(lambda: [say(cast.reviewer, ""), say(cast.reviewer, "")])
