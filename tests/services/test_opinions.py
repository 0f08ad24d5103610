"""More than one opinion about a task: overlap, doubt, difference, hidden gold, keys."""

import pytest

from winnow.models import Item, Label, ReviewTask
from winnow.services.review import label_task, open_task

Reason = ReviewTask.Reason


@pytest.fixture
def task(make_item):
    return open_task(item=make_item(state="in_review"), reason=Reason.LOW_CONFIDENCE)


def wanting(task, n):
    ReviewTask.objects.filter(pk=task.pk).update(n_wanted=n)
    task.refresh_from_db()
    return task


def is_open(task):
    return ReviewTask.objects.get(pk=task.pk).closed_at is None


def test_the_first_of_two_wanted_decides_and_the_second_closes(task, cast, tags):
    wanting(task, 2)
    first = label_task(task=task, tag=tags["mlops"], account=cast.reviewer)
    assert (first.is_gold, is_open(task), Item.objects.get().tag_id) == (True, True, "mlops")
    second = label_task(task=task, tag=tags["mlops"], account=cast.other_reviewer)
    assert (second.is_gold, is_open(task)) == (False, False)
    assert not ReviewTask.objects.filter(reason="disagreement").exists()


def test_a_differing_opinion_asks_somebody_who_writes_the_guidelines(task, cast, tags):
    wanting(task, 2)
    label_task(task=task, tag=tags["mlops"], account=cast.reviewer)
    label_task(task=task, tag=tags["other"], account=cast.other_reviewer)
    dispute = ReviewTask.objects.get(reason="disagreement")
    assert (dispute.item, dispute.closed_at, Item.objects.get().tag_id) == (task.item, None, "mlops")
    settled = label_task(task=dispute, tag=tags["other"], account=cast.engineer)
    assert (settled.is_gold, Item.objects.get().tag_id) == (True, "other")
    assert ReviewTask.objects.filter(closed_at=None).count() == 0


def test_who_cannot_tell_leaves_it_to_others_and_two_to_an_engineer(task, cast):
    label_task(task=task, tag=None, account=cast.reviewer, is_unsure=True)
    assert (is_open(task), Item.objects.get().state) == (True, "in_review")
    label_task(task=task, tag=None, account=cast.other_reviewer, is_unsure=True)
    assert not is_open(task)
    assert ReviewTask.objects.get(closed_at=None).reason == "disagreement"


def test_hidden_gold_measures_and_moves_nothing(make_item, cast, tags):
    item = make_item(state="published", tag="mlops")
    Label.objects.create(item=item, tag=tags["mlops"], is_gold=True)
    hidden = ReviewTask.objects.create(item=item, reason=Reason.GOLD, for_account=cast.reviewer, is_blind=True)
    label = label_task(task=hidden, tag=tags["other"], account=cast.reviewer)
    item.refresh_from_db()
    assert (label.is_gold, label.saw_prediction, item.tag_id, is_open(hidden)) == (False, False, "mlops", False)
    assert not ReviewTask.objects.filter(reason="disagreement").exists()


def test_a_decision_elsewhere_does_not_close_hidden_gold(make_item, cast, tags):
    item = make_item(state="in_review")
    hidden = ReviewTask.objects.create(item=item, reason=Reason.GOLD, for_account=cast.other_reviewer)
    other = open_task(item=item, reason=Reason.LOW_CONFIDENCE)
    label_task(task=other, tag=tags["mlops"], account=cast.reviewer)
    assert (is_open(hidden), is_open(other)) == (True, False)


def test_the_same_key_is_the_same_label(task, cast, tags):
    first = label_task(task=task, tag=tags["mlops"], account=cast.reviewer, key="k")
    again = label_task(task=task, tag=tags["other"], account=cast.reviewer, key="k")
    assert (again, Label.objects.count(), again.tag_id) == (first, 1, "mlops")


def test_a_label_knows_its_guideline_and_what_was_shown(task, cast, tags):
    label = label_task(task=task, tag=tags["mlops"], account=cast.reviewer, note="because")
    assert (label.guideline.tag_id, label.guideline.version, label.saw_prediction) == ("mlops", 1, True)
    assert label.note == "because"


@pytest.mark.parametrize(
    ("reason", "percent", "is_blind"),
    [("audit", 0, True), ("guideline", 0, True), ("low_confidence", 0, False), ("low_confidence", 100, True),
     ("rare_tag", 100, True), ("reported", 100, False), ("duplicate_pair", 100, False)],
)  # fmt: skip
def test_who_is_not_to_be_led_is_shown_nothing(make_item, settings, reason, percent, is_blind):
    settings.REVIEW_BLIND = percent
    assert open_task(item=make_item(), reason=Reason(reason)).is_blind is is_blind


@pytest.mark.parametrize(("reason", "n"), [("audit", 2), ("low_confidence", 2), ("reported", 1), ("restored", 1)])
def test_a_part_is_asked_of_two(make_item, settings, reason, n):
    settings.REVIEW_OVERLAP = 100
    assert open_task(item=make_item(), reason=Reason(reason)).n_wanted == n
