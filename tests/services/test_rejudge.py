"""A guideline that changes asks again about what was labelled before."""

import pytest

from winnow.models import Event, Item, Label, ReviewTask
from winnow.queries.agreement import Rejudged, rejudged
from winnow.services.guidelines import keep_version, settle_case
from winnow.services.publish import publish_item
from winnow.services.rejudge import is_due, rejudge_labels
from winnow.services.review import label_task, undo_label


@pytest.fixture
def labelled(make_item, tags, cast):
    """Twelve works that people gave the tag `mlops`, under its first guideline."""
    keep_version(tags["mlops"])
    items = [make_item(f"Serving of model {n}", state="in_review") for n in range(12)]
    for item in items:
        Label.objects.create(item=item, tag=tags["mlops"], account=cast.reviewer, is_gold=True)
        publish_item(item, tag=tags["mlops"], decided_by=Item.DecidedBy.PERSON)
    return items


def change(tags, cast, item, tag="mlops"):
    return settle_case(item=item, tag=tags[tag], why="because", account=cast.engineer)


def test_nothing_changed_asks_nothing(labelled, db):
    assert not is_due()
    assert rejudge_labels(seed=1) == []


def test_a_changed_guideline_asks_once_about_a_random_part_and_says_how_likely_each_was(labelled, tags, cast):
    change(tags, cast, labelled[0])
    assert is_due()
    tasks = rejudge_labels(n=3, seed=1)
    stored = ReviewTask.objects.filter(reason="guideline")
    assert {task.pk for task in stored} == {task.pk for task in tasks}
    assert len({task.item_id for task in tasks}) == 3
    assert set(stored.values_list("probability", "is_blind")) == {(3 / 12, True)}
    assert (is_due(), rejudge_labels(n=3, seed=2)) == (False, [])
    assert Event.objects.get(kind="guideline.rejudged").data == {"tag": "mlops", "version": 2, "n": 3, "population": 12}


def test_two_changes_before_anybody_looked_are_asked_about_once(labelled, tags, cast):
    change(tags, cast, labelled[0])
    change(tags, cast, labelled[1])
    assert len(rejudge_labels(n=50, seed=1)) == 12
    assert not is_due()


def test_what_the_model_decided_and_what_has_another_tag_is_left_alone(labelled, tags, cast, make_item):
    Item.objects.filter(pk=labelled[0].pk).update(decided_by=Item.DecidedBy.MODEL)
    Item.objects.filter(pk=labelled[1].pk).update(tag=tags["other"])
    change(tags, cast, labelled[2])
    asked = {task.item_id for task in rejudge_labels(n=50, seed=1)}
    assert asked == {item.pk for item in labelled[2:]}


def test_how_many_were_changed_is_known_and_an_undone_answer_counts_for_nothing(labelled, tags, cast):
    change(tags, cast, labelled[0])
    tasks = rejudge_labels(n=4, seed=1)
    label_task(task=tasks[0], tag=tags["other"], account=cast.other_reviewer)
    for task in tasks[1:3]:
        label_task(task=task, tag=tags["mlops"], account=cast.other_reviewer)
    taken_back = label_task(task=tasks[3], tag=tags["other"], account=cast.other_reviewer)
    undo_label(label=taken_back, account=cast.other_reviewer)
    assert rejudged() == {"mlops": Rejudged(n=3, n_changed=1)}
    tasks[0].item.refresh_from_db()
    assert tasks[0].item.tag == tags["other"]
