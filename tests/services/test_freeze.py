"""Gold labels, frozen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from winnow.core.errors import InputError
from winnow.models import DatasetVersion, Item, Label, ReviewTask
from winnow.services.freeze import examples_of, freeze_dataset
from winnow.services.review import label_task, open_task, undo_label

WORDS = ("river", "market", "violin", "harbour", "meadow", "engine", "orchard", "tunnel", "glacier", "kitchen")


@pytest.fixture
def gold(make_item, tags):
    def label(title, tag):
        item = make_item(title, state="published", tag=tag)
        Label.objects.create(item=item, tag=tags[tag], is_gold=True)
        return item

    return [label(f"{word} {tag}", tag) for word in WORDS for tag in tags]


def test_without_labels_there_is_nothing_to_freeze(db):
    with pytest.raises(InputError, match="no gold labels"):
        freeze_dataset()


def test_the_same_labels_freeze_to_the_same_row(gold):
    first = freeze_dataset()
    assert freeze_dataset() == first
    assert (first.version, first.n, set(first.per_tag.values())) == ("gold-1", 40, {10})


def test_a_fifth_is_kept_for_the_certificate_and_no_work_is_on_both_sides(gold):
    dataset = freeze_dataset()
    train, certify = examples_of(dataset, "train"), examples_of(dataset, "certify")
    assert len(train) + len(certify) == 40
    assert 4 <= len(certify) <= 12
    assert not {e.id for e in train} & {e.id for e in certify}


def test_where_works_came_in_over_time_the_newest_of_each_tag_are_kept(gold):
    # Ten of each tag, four a day.
    for number, item in enumerate(gold):
        Item.objects.filter(pk=item.pk).update(admitted_at=datetime(2026, 1, 1 + number // 4, tzinfo=UTC))
    kept = {row["item"] for row in freeze_dataset().rows if row["split"] == "certify"}
    assert kept == {item.pk for item in gold[-8:]}


def test_an_example_knows_what_slices_ask_for(gold):
    example = examples_of(freeze_dataset(), "train")[0]
    assert (example.created_on[:5], example.url[:20], example.source) == ("2026-", "https://example.org/", "")


def test_a_work_of_the_future_stops_the_freezing(gold):
    Item.objects.filter(pk=gold[0].pk).update(dated_at=timezone.now() + timedelta(days=3))
    with pytest.raises(InputError, match="rows dated after today"):
        freeze_dataset()


def test_a_work_on_both_sides_stops_the_freezing(gold):
    about = "One description of eight words, used by two works of different titles."
    for number, item in enumerate(gold):
        Item.objects.filter(pk=item.pk).update(admitted_at=datetime(2026, 1, 1 + number // 4, tzinfo=UTC))
    Item.objects.filter(pk__in=[gold[0].pk, gold[-1].pk]).update(description=about)
    with pytest.raises(InputError, match="are the same work or nearly"):
        freeze_dataset()


def test_like_titles_stay_on_one_side(make_item, tags):
    for n in range(20):
        for tag in tags:
            item = make_item(f"The {WORDS[n // 2]} and the {WORDS[n // 2 - 1]}: {tag}", state="published", tag=tag)
            Label.objects.create(item=item, tag=tags[tag], is_gold=True)
    dataset = freeze_dataset()
    sides = {}
    for row in dataset.rows:
        sides.setdefault(row["title"], set()).add(row["split"])
    assert all(len(side) == 1 for side in sides.values())


def test_a_new_label_makes_a_new_version(gold, make_item, tags, cast):
    first = freeze_dataset()
    task = open_task(item=make_item(state="in_review"), reason=ReviewTask.Reason.LOW_CONFIDENCE)
    label = label_task(task=task, tag=tags["mlops"], account=cast.engineer)
    second = freeze_dataset()
    assert (second.version, second.n) == ("gold-2", 41)
    undo_label(label=label, account=cast.engineer)
    assert freeze_dataset() == first
    assert DatasetVersion.objects.count() == 2


def test_the_last_word_of_people_counts(gold, tags, cast):
    task = open_task(item=gold[0], reason=ReviewTask.Reason.REPORTED)
    label_task(task=task, tag=tags["other"], account=cast.engineer)
    row = next(row for row in freeze_dataset().rows if row["item"] == gold[0].pk)
    assert row["tag"] == "other"


def test_not_machine_learning_is_no_example(gold, cast):
    task = open_task(item=gold[0], reason=ReviewTask.Reason.REPORTED)
    label_task(task=task, tag=None, account=cast.reviewer)
    assert freeze_dataset().n == 39


def test_whoever_is_not_proved_yet_is_a_fiftieth_of_a_set_at_most(gold, make_item, tags, cast):
    for n in range(30):
        task = open_task(
            item=make_item(f"Streamed {n} by whom", state="in_review"), reason=ReviewTask.Reason.LOW_CONFIDENCE
        )
        label_task(task=task, tag=tags["mlops"], account=cast.reviewer if n % 2 else cast.engineer)
    dataset = freeze_dataset()
    by = [row["label"]["by"] for row in dataset.rows]
    assert (by.count(cast.reviewer.pk), by.count(cast.engineer.pk)) == (1, 15)
    assert dataset.checks["left_out"] == {"unproved": 14, "struck": 0}


def test_every_row_has_its_provenance_and_every_set_its_findings(gold):
    dataset = freeze_dataset()
    assert {row["label"]["asked"] for row in dataset.rows} == {"came with its label"}
    assert isinstance(dataset.checks["findings"], list)


def test_a_frozen_set_is_neither_changed_nor_deleted(gold):
    dataset = freeze_dataset()
    for change in (lambda: DatasetVersion.objects.update(n=1), dataset.delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
