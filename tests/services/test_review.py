"""Open tasks, labels, undo."""

from functools import partial

import pytest

from winnow.core.errors import ConflictError
from winnow.models import Apart, Event, Item, Label, Report, ReviewTask
from winnow.queries.review import queue_of
from winnow.services.publish import mark_copy, publish_item
from winnow.services.report import report_item
from winnow.services.review import are_apart, label_task, open_task, propose_copy, restore_item, tell_apart, undo_label

LOW = ReviewTask.Reason.LOW_CONFIDENCE


@pytest.fixture
def task(make_item):
    return open_task(item=make_item(state="in_review"), reason=LOW, priority=0.5)


def test_opening_twice_is_one_task_with_the_higher_priority(task):
    assert open_task(item=task.item, reason=LOW, priority=0.9).pk == task.pk
    assert open_task(item=task.item, reason=LOW, priority=0.1).priority == 0.9
    assert ReviewTask.objects.count() == 1


def test_a_label_publishes_and_closes(task, tags, cast):
    label = label_task(task=task, tag=tags["other"], account=cast.reviewer, note="clear")
    item = Item.objects.get(pk=task.item_id)
    task.refresh_from_db()
    assert (item.state, item.tag_id, item.decided_by) == ("published", "other", "person")
    assert (label.tag_id, label.account, label.note, label.is_gold) == ("other", cast.reviewer, "clear", True)
    assert task.closed_at is not None


def test_not_machine_learning_withholds_the_item(task, cast):
    label_task(task=task, tag=None, account=cast.reviewer)
    item = Item.objects.get(pk=task.item_id)
    assert (item.state, item.reason) == ("rejected", "off_topic")


def test_l08_a_late_answer_is_kept_and_changes_nothing(task, tags, cast):
    label_task(task=task, tag=tags["other"], account=cast.reviewer)
    label_task(task=task, tag=tags["mlops"], account=cast.other_reviewer)
    assert Item.objects.get(pk=task.item_id).tag_id == "other"
    assert list(Label.objects.order_by("pk").values_list("tag_id", "is_gold")) == [("other", True), ("mlops", False)]


def test_one_decision_answers_every_open_question(task, tags, cast):
    report_item(item=task.item, reporter="someone", tag=tags["other"])
    label_task(task=task, tag=tags["mlops"], account=cast.reviewer)
    assert not ReviewTask.objects.filter(closed_at=None).exists()
    assert not Report.objects.filter(decided_at=None).exists()


def test_undo_is_a_later_label_and_restores_all(task, tags, cast):
    label = label_task(task=task, tag=tags["other"], account=cast.reviewer)
    later = undo_label(label=label, account=cast.reviewer)
    item = Item.objects.get(pk=task.item_id)
    task.refresh_from_db()
    assert (item.state, item.tag_id, task.closed_at) == ("in_review", None, None)
    assert (later.undoes, Label.objects.count()) == (label, 2)


def test_undo_of_a_retag_gives_the_former_tag_back(make_item, tags, cast):
    item = make_item(state="published", tag="mlops")
    task = open_task(item=item, reason=ReviewTask.Reason.REPORTED)
    label = label_task(task=task, tag=tags["other"], account=cast.reviewer)
    undo_label(label=label, account=cast.reviewer)
    item.refresh_from_db()
    assert (item.state, item.tag_id) == ("published", "mlops")


def test_undo_of_not_machine_learning_brings_the_item_back(task, cast):
    label = label_task(task=task, tag=None, account=cast.reviewer)
    undo_label(label=label, account=cast.reviewer)
    item = Item.objects.get(pk=task.item_id)
    assert (item.state, item.reason) == ("in_review", "")


def test_undo_twice_is_a_conflict(task, tags, cast):
    label = label_task(task=task, tag=tags["other"], account=cast.reviewer)
    undo_label(label=label, account=cast.reviewer)
    with pytest.raises(ConflictError, match="undone already"):
        undo_label(label=label, account=cast.reviewer)


def test_nobody_undoes_the_label_of_another(task, tags, cast):
    label = label_task(task=task, tag=tags["other"], account=cast.reviewer)
    with pytest.raises(ConflictError, match="only the person"):
        undo_label(label=label, account=cast.other_reviewer)
    assert Item.objects.get(pk=task.item_id).tag_id == "other"


def test_undo_after_a_later_decision_is_a_conflict(task, tags, cast):
    first = label_task(task=task, tag=tags["other"], account=cast.reviewer)
    report_item(item=task.item, reporter="someone")
    again = ReviewTask.objects.get(closed_at=None)
    label_task(task=again, tag=tags["mlops"], account=cast.other_reviewer)
    with pytest.raises(ConflictError, match="since"):
        undo_label(label=first, account=cast.reviewer)


def test_undoing_a_late_answer_leaves_the_decision_alone(task, tags, cast):
    label_task(task=task, tag=tags["other"], account=cast.reviewer)
    late = label_task(task=task, tag=tags["mlops"], account=cast.other_reviewer)
    undo_label(label=late, account=cast.other_reviewer)
    task.refresh_from_db()
    assert Item.objects.get(pk=task.item_id).tag_id == "other"
    assert task.closed_at is not None


def test_undo_while_the_same_is_asked_again_leaves_one_question(make_item, tags, cast):
    item = make_item(state="published", tag="mlops")
    report_item(item=item, reporter="one")
    label = label_task(task=ReviewTask.objects.get(), tag=tags["other"], account=cast.reviewer)
    report_item(item=item, reporter="two")
    undo_label(label=label, account=cast.reviewer)
    item.refresh_from_db()
    assert item.tag_id == "mlops"
    assert ReviewTask.objects.filter(closed_at=None).count() == 1


def test_restoring_opens_a_task(make_item, cast):
    item = make_item(state="rejected")
    task = restore_item(item=item, account=cast.reviewer)
    assert (Item.objects.get(pk=item.pk).state, task.reason) == ("in_review", "restored")
    with pytest.raises(ConflictError):
        restore_item(item=item, account=cast.reviewer)


def test_a_model_cannot_decide_what_is_in_review(task, tags):
    assert not publish_item(task.item, tag=tags["other"], decided_by=Item.DecidedBy.MODEL, confidence=1.0)


def test_the_queue_counts_what_stands(task, tags, cast, make_item):
    since = task.opened_at
    other = open_task(item=make_item(state="in_review"), reason=LOW)
    label = label_task(task=other, tag=tags["mlops"], account=cast.reviewer)
    queue = queue_of(cast.reviewer, since)
    assert (queue.n_open, queue.n_done_today, queue.last_label) == (1, 1, label)
    undo_label(label=label, account=cast.reviewer)
    queue = queue_of(cast.reviewer, since)
    assert (queue.n_open, queue.n_done_today, queue.last_label) == (2, 0, None)


def pair_of(make_item):
    face = make_item("A telling title", state="published", tag="mlops")
    copy = make_item("A telling title", state="in_review", resembles=face)
    return face, open_task(item=copy, reason=ReviewTask.Reason.DUPLICATE_PAIR)


def test_a_confirmed_copy_becomes_one_more_place_of_the_work(make_item, cast):
    face, task = pair_of(make_item)
    label = label_task(task=task, tag=None, account=cast.reviewer, copy_of=face)
    copy = Item.objects.get(pk=task.item_id)
    assert (copy.state, copy.duplicate_of, label.copy_of) == ("duplicate", face, face)


def test_a_confirmed_copy_can_be_undone(make_item, cast):
    face, task = pair_of(make_item)
    undo_label(label=label_task(task=task, tag=None, account=cast.reviewer, copy_of=face), account=cast.reviewer)
    copy = Item.objects.get(pk=task.item_id)
    assert (copy.state, copy.duplicate_of, copy.resembles) == ("in_review", None, face)


def test_a_pair_that_is_two_works_is_published(make_item, tags, cast):
    face, task = pair_of(make_item)
    label_task(task=task, tag=tags["other"], account=cast.reviewer)
    assert Item.objects.get(pk=task.item_id).state == Item.objects.get(pk=face.pk).state == "published"


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_answer_one_task_and_one_answer_counts(task, tags, cast, meanwhile):
    first, second = meanwhile(
        lambda: label_task(task=task, tag=tags["other"], account=cast.reviewer),
        lambda: label_task(task=task, tag=tags["mlops"], account=cast.other_reviewer),
    )
    assert (first.is_gold, second.is_gold) == (True, False)
    assert Item.objects.get(pk=task.item_id).tag_id == "other"


@pytest.mark.django_db(transaction=True)
def test_two_questions_about_one_item_answered_at_once_do_not_wait_for_each_other_for_ever(task, tags, cast, at_once):
    other = open_task(item=task.item, reason=ReviewTask.Reason.REPORTED, priority=2.0)
    answers = at_once(
        [
            partial(label_task, task=task, tag=tags["other"], account=cast.reviewer),
            partial(label_task, task=other, tag=tags["mlops"], account=cast.other_reviewer),
        ]
    )
    assert sorted(label.is_gold for label in answers) == [False, True]
    assert ReviewTask.objects.filter(closed_at=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_many_copies_of_one_work_confirmed_at_once_all_count(make_item, cast, at_once):
    face = make_item(state="published")
    tasks = [open_task(item=make_item(state="in_review"), reason=LOW) for _ in range(6)]
    labels = at_once([partial(label_task, task=t, tag=None, account=cast.reviewer, copy_of=face) for t in tasks])
    assert [label.is_gold for label in labels] == [True] * 6
    assert face.duplicates.count() == 6


@pytest.mark.django_db(transaction=True)
def test_undone_twice_at_once_is_undone_once(task, tags, cast, at_once):
    label = label_task(task=task, tag=tags["other"], account=cast.reviewer)
    undone = at_once([partial(undo_label, label=label, account=cast.reviewer)] * 4)
    assert sum(isinstance(one, ConflictError) for one in undone) == 3
    assert (Label.objects.filter(undoes=label).count(), Item.objects.get(pk=task.item_id).state) == (1, "in_review")


@pytest.fixture
def merged(make_item, cast):
    """A face, and a copy that brought a copy of its own and what a reader said of it."""
    face, copy = make_item("Face", state="published"), make_item("Copy", state="published")
    third = make_item("Third", state="duplicate", duplicate_of=copy)
    said = Report.objects.create(item=copy, kind="spam", reporter="a")
    assert mark_copy(copy, face=face, account=cast.reviewer, evidence="titles 100% alike")
    for row in (face, copy, third, said):
        row.refresh_from_db()
    return face, copy, third, said


def test_what_came_to_a_work_goes_to_its_face(merged):
    face, copy, third, said = merged
    assert (copy.duplicate_of, copy.reason_detail) == (face, "titles 100% alike")
    assert (third.duplicate_of, said.item, said.origin) == (face, face, copy)
    assert Event.objects.get(item=copy, data__face=face.pk).data["carried"] == [third.pk]


def test_a_merge_that_is_undone_gives_everything_back_and_is_not_made_again(merged, cast):
    face, copy, third, said = merged
    hot = face.hotness
    restore_item(item=copy, account=cast.reviewer)
    for row in (face, copy, third, said):
        row.refresh_from_db()
    assert (copy.state, copy.duplicate_of, third.duplicate_of) == ("in_review", None, copy)
    assert (said.item, said.origin) == (copy, None)
    assert face.hotness < hot
    assert (are_apart(face, copy), are_apart(copy, face)) == (True, True)
    assert propose_copy(item=copy, face=face, evidence="again") is None


def test_an_answer_that_made_a_copy_is_undone_whole(make_item, cast):
    face = make_item("Face", state="published")
    task = open_task(item=make_item("Copy", state="in_review"), reason=ReviewTask.Reason.DUPLICATE_PAIR)
    said = Report.objects.create(item=task.item, kind="spam", reporter="a", decided_at="2026-01-01T00:00Z")
    label = label_task(task=task, tag=None, account=cast.reviewer, copy_of=face)
    said.refresh_from_db()
    assert said.item == face
    label.refresh_from_db()
    undo_label(label=label, account=cast.reviewer)
    said.refresh_from_db()
    task.item.refresh_from_db()
    assert (said.item, task.item.state, task.item.duplicate_of) == (task.item, "in_review", None)


def test_a_copy_of_a_copy_is_a_copy_of_its_face(merged, make_item, cast):
    face, copy, *_ = merged
    later = make_item("Later", state="published")
    mark_copy(later, face=copy, account=cast.reviewer)
    later.refresh_from_db()
    assert later.duplicate_of == face
    assert not mark_copy(face, face=copy)


def test_a_tag_given_to_a_possible_copy_says_that_it_is_none(make_item, tags, cast):
    face, item = make_item("Face", state="published"), make_item("Alike", state="in_review")
    task = propose_copy(item=item, face=face, evidence="titles 100% alike")
    label_task(task=task, tag=tags["other"], account=cast.reviewer)
    assert are_apart(item, face)
    tell_apart(face, item, account=cast.reviewer)
    assert Apart.objects.count() == 1
