"""The last word that stands, of each Item that people labelled."""

import pytest

from winnow.core.errors import NotFoundError
from winnow.models import DatasetVersion, Item, Label, ReviewTask
from winnow.queries.datasets import GoldRow, before, dataset_named, dataset_rows, difference, gold_rows
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
def test_it_is_a_few_queries_whatever_the_number_of_labels(make_item, tags, n, django_assert_max_num_queries):
    for _ in range(n):
        Label.objects.create(item=make_item(), tag=tags["mlops"], is_gold=True)
    with django_assert_max_num_queries(5):
        assert len(gold_rows()) == n


def test_a_row_says_who_labelled_it_when_and_why_they_were_asked(make_item, label, cast, tags):
    asked, came = make_item(state="in_review"), make_item(state="published")
    given = label(asked, "mlops", account=cast.engineer)
    Label.objects.create(item=came, tag=tags["other"], is_gold=True)
    first, second = (row.provenance for row in gold_rows())
    assert (first["by"], first["role"], first["asked"]) == (cast.engineer.pk, "engineer", "low_confidence")
    assert (first["guideline"], first["probability"]) == (1, 1.0)
    assert first["at"] == given.created_at.isoformat(timespec="seconds")
    assert (second["by"], second["role"], second["at"]) == (0, "starter", None)


def frozen(version, *rows):
    named = [{"item": n, "title": f"T{n}", "tag": tag, "label": {"asked": asked}} for n, tag, asked in rows]
    return DatasetVersion.objects.create(version=version, sha256=version, rows=named, per_tag={}, n=len(rows))


def test_the_difference_of_two_versions_and_why(db):
    old = frozen("gold-1", (1, "mlops", "audit"), (2, "other", "audit"), (3, "other", "audit"))
    new = frozen("gold-2", (1, "mlops", "audit"), (2, "mlops", "reported"), (4, "other", "low_confidence"))
    found = difference(old, new)
    assert (found.added, found.removed, found.changed) == (("T4",), ("T3",), (("T2", "other", "mlops"),))
    assert dict(found.why) == {"reported": 1, "low_confidence": 1}
    assert (before(new), before(old)) == (old, None)
    assert [row.version for row in dataset_rows()] == ["gold-2", "gold-1"]


def test_a_version_that_is_not_there_is_said(db):
    with pytest.raises(NotFoundError, match="no data set 'gold-9'"):
        dataset_named("gold-9")
