"""The last word that stands, of each Item that people labelled."""

import pytest

from winnow.models import Item, Label, ReviewTask
from winnow.queries.datasets import GoldRow, gold_rows
from winnow.services.review import label_task, open_task, undo_label


@pytest.fixture
def label(tags, cast):
    """Label an Item with a tag (None: not machine learning) as a person does in the queue."""

    def label(item, tag, account=None):
        task = open_task(item=item, reason=ReviewTask.Reason.LOW_CONFIDENCE)
        return label_task(task=task, tag=tags[tag] if tag else None, account=account or cast.reviewer)

    return label


def gold():
    return [(row.item_id, row.tag) for row in gold_rows()]


def test_without_labels_there_is_no_row(make_item):
    make_item(state="published")
    assert gold_rows() == []


def test_a_row_holds_the_text_and_the_tag(make_item, label):
    item = make_item("Serving models", state="in_review", description="On GPUs.")
    label(item, "mlops")
    (row,) = gold_rows()
    days = {"created_on": item.dated_at.date(), "arrived_on": item.admitted_at.date()}
    assert row == GoldRow(item.pk, "Serving models", "On GPUs.", "mlops", **days, url=item.url, is_answer=True)


def test_rows_come_in_the_order_of_the_items(make_item, label):
    items = [make_item(state="in_review") for _ in range(3)]
    for item in reversed(items):
        label(item, "other")
    assert gold() == [(item.pk, "other") for item in items]


def test_a_later_label_counts(make_item, label):
    item = make_item(state="in_review")
    label(item, "mlops")
    label(item, "other")
    assert gold() == [(item.pk, "other")]


def test_after_an_undo_the_label_before_counts_again(make_item, label, cast):
    item = make_item(state="in_review")
    label(item, "mlops")
    undo_label(label=label(item, "other"), account=cast.reviewer)
    assert gold() == [(item.pk, "mlops")]


def test_what_was_undone_to_nothing_is_no_row(make_item, label, cast):
    undo_label(label=label(make_item(state="in_review"), "mlops"), account=cast.reviewer)
    assert gold() == []


def test_an_opinion_that_came_too_late_is_no_gold(make_item, tags, cast):
    task = open_task(item=make_item(state="in_review"), reason=ReviewTask.Reason.LOW_CONFIDENCE)
    label_task(task=task, tag=tags["mlops"], account=cast.reviewer)
    label_task(task=task, tag=tags["other"], account=cast.other_reviewer)
    assert gold() == [(task.item_id, "mlops")]


def test_not_machine_learning_takes_the_row_away(make_item, label):
    item = make_item(state="in_review")
    label(item, "mlops")
    label(item, None)
    assert gold() == []


def test_retired_tags_and_removed_items_are_left_out(make_item, label, tags):
    kept, retired, removed = (make_item(state="in_review") for _ in range(3))
    for item, tag in ((kept, "mlops"), (retired, "other"), (removed, "mlops")):
        label(item, tag)
    tags["other"].is_approved = False
    tags["other"].save()
    Item.objects.filter(pk=removed.pk).update(state="removed")
    assert gold() == [(kept.pk, "mlops")]


@pytest.mark.parametrize("n", [1, 20])
def test_it_is_one_query_whatever_the_number_of_labels(make_item, tags, n, django_assert_num_queries):
    for _ in range(n):
        Label.objects.create(item=make_item(), tag=tags["mlops"], is_gold=True)
    with django_assert_num_queries(1):
        assert len(gold_rows()) == n
