"""The last word that stands, of each Item that people labelled."""

import pytest

from winnow.core.errors import NotFoundError
from winnow.models import DatasetVersion, Item, Label, ReviewTask
from winnow.queries.datasets import (
    Change,
    Difference,
    GoldRow,
    before,
    dataset_named,
    dataset_rows,
    difference,
    gold_rows,
    splits_by_sha256,
    taken_down,
    why_gone,
)
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
    assert row == GoldRow(
        item.pk, "Serving models", "On GPUs.", "mlops", **days, url=item.url, is_answer=True, work=item.pk
    )


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


def test_who_labelled_elsewhere_is_not_named(make_item, tags):
    label = Label.objects.create(
        item=make_item(state="published"), tag=tags["mlops"], is_gold=True, annotator="ada@example.org"
    )
    (row,) = gold_rows()
    assert dict(row.provenance) == {
        "by": 0,
        "role": "imported",
        "at": label.created_at.isoformat(timespec="seconds"),
        "guideline": None,
        "asked": "labelled elsewhere",
        "probability": 1.0,
    }


def test_copies_and_what_may_be_copies_are_one_work_in_chains_and_rings(make_item, tags):
    items = [make_item(state="published") for _ in range(6)]
    for item in items:
        Label.objects.create(item=item, tag=tags["mlops"], is_gold=True)
    a, b, c, d, e, f = (item.pk for item in items)
    for copy, face in ((b, a), (c, b), (d, e), (e, d)):
        Item.objects.filter(pk=copy).update(resembles=face)
    assert {row.item_id: row.work for row in gold_rows()} == {a: a, b: a, c: a, d: d, e: d, f: f}


def frozen(version, *rows, **checks):
    named = [
        {"item": n, "title": f"T{n}", "tag": tag, "split": split, "label": {"asked": asked}}
        for n, tag, asked, split in rows
    ]
    fields = {"sha256": version, "rows": named, "per_tag": {}, "n": len(rows), "checks": checks}
    return DatasetVersion.objects.create(version=version, **fields)


def test_the_difference_of_two_versions_and_why(db):
    rows = ((1, "mlops", "audit", "train"), (2, "other", "audit", "train"), (3, "other", "audit", "train"))
    old = frozen("gold-1", *rows)
    rows = ((1, "mlops", "audit", "certify"), (2, "mlops", "reported", "train"), (4, "other", "audit", "train"))
    new = frozen("gold-2", *rows, gone={"3": "not machine learning"})
    assert difference(old, new) == Difference(
        added=(Change(4, "T4", "", "other", "audit"),),
        removed=(Change(3, "T3", "other", "", "not machine learning"),),
        changed=(Change(2, "T2", "other", "mlops", "reported"),),
        n_moved=1,
    )
    assert dict(difference(old, new).why) == {"audit": 1, "not machine learning": 1, "reported": 1}
    assert difference(new, new) == Difference()
    assert len(difference(None, new).added) == 3
    assert [one.why for one in difference(new, old).removed] == ["not recorded"]
    assert (before(new), before(old)) == (old, None)
    assert [row.version for row in dataset_rows()] == ["gold-2", "gold-1"]


def test_why_works_are_gold_no_more(make_item, label, tags, cast):
    removed, undone, off_topic, copied, retired, fine = (make_item(state="in_review") for _ in range(6))
    for item in (removed, copied, fine):
        label(item, "mlops")
    Item.objects.filter(pk=removed.pk).update(state="removed")
    undo_label(label=label(undone, "mlops"), account=cast.reviewer)
    label(off_topic, None)
    Label.objects.create(item=copied, copy_of=fine, is_gold=True, account=cast.engineer)
    label(retired, "other")
    tags["other"].is_approved = False
    tags["other"].save()
    assert why_gone([item.pk for item in (removed, undone, off_topic, copied, retired, fine)]) == {
        removed.pk: "the work was taken down",
        undone.pk: "the label was taken back",
        off_topic.pk: "not machine learning",
        copied.pk: "it is a copy",
        retired.pk: "the tag was retired",
        fine.pk: "too much of one reviewer",
    }


def test_a_measurement_finds_its_version_and_what_is_older_names_none(db):
    frozen("gold-1")
    frozen("gold-2", examples_sha256={"train": "a", "certify": "b"})
    assert splits_by_sha256() == {"a": ("gold-2", "train"), "b": ("gold-2", "certify")}


def test_a_version_that_is_not_there_is_said(db):
    with pytest.raises(NotFoundError, match="no data set 'gold-9'"):
        dataset_named("gold-9")


def test_what_was_taken_down_since_bears_no_title_nor_what_is_a_copy_of_it(make_item):
    gone, fine = (make_item(state="published") for _ in range(2))
    copy = make_item(state="duplicate", duplicate_of=gone)
    Item.objects.filter(pk=gone.pk).update(state="removed")
    rows = [(item.pk, "mlops", "audit", "train") for item in (gone, fine, copy)]
    new, old = frozen("gold-1", *rows), frozen("gold-0", *[(pk, "other", *rest) for pk, _, *rest in rows])
    hidden = {gone.pk: "", fine.pk: f"T{fine.pk}", copy.pk: ""}
    assert taken_down() == {gone.pk, copy.pk}
    found = difference(None, new), difference(old, new), difference(new, frozen("gold-2"))
    for part in (found[0].added, found[1].changed, found[2].removed):
        assert {one.item: one.title for one in part} == hidden
