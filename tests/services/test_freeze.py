"""Gold labels, frozen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from winnow.core.errors import InputError
from winnow.ml.expectations import CHECKS
from winnow.ml.train import dataset_sha256
from winnow.models import DatasetVersion, Item, Label, ReviewTask
from winnow.queries.datasets import before, difference, splits_by_sha256
from winnow.services.freeze import examples_of, freeze_dataset
from winnow.services.publish import mark_copy
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


def sides(dataset):
    return {row["item"]: row["split"] for row in dataset.rows}


@pytest.fixture
def over_time(gold):
    """Ten of each tag, four a day."""
    for number, item in enumerate(gold):
        Item.objects.filter(pk=item.pk).update(admitted_at=datetime(2026, 1, 1 + number // 4, tzinfo=UTC))
    return gold


def test_works_of_one_description_stay_on_one_side(over_time):
    about = "One description of eight words, used by two works of different titles."
    old, new = over_time[0].pk, over_time[-4].pk
    Item.objects.filter(pk__in=[old, new]).update(description=about)
    side = sides(freeze_dataset())
    assert (side[old], side[new], side[over_time[1].pk]) == ("certify", "certify", "train")


@pytest.mark.parametrize("how", ["copy", "perhaps a copy", "a chain"])
def test_copies_stay_on_one_side_and_are_known_as_one_work(over_time, how):
    face, copy, middle = over_time[0], over_time[-4], over_time[4]
    if how == "copy":
        mark_copy(copy, face=face)
    elif how == "perhaps a copy":
        Item.objects.filter(pk=copy.pk).update(resembles=face)
    else:
        Item.objects.filter(pk=copy.pk).update(resembles=middle)
        Item.objects.filter(pk=middle.pk).update(resembles=face)
    dataset = freeze_dataset()
    assert sides(dataset)[face.pk] == sides(dataset)[copy.pk] == "certify"
    ones = {row["item"]: row["work"] for row in dataset.rows if "work" in row}
    assert ones == dict.fromkeys({face.pk, copy.pk, *([middle.pk] if how == "a chain" else [])}, face.pk)
    assert {example.group for example in examples_of(dataset, "certify")} == {"", str(face.pk)}


def test_the_days_of_both_sides_do_not_cross(over_time):
    split = freeze_dataset().checks["split"]
    assert (split["how"], split["n_works"]) == ("of each tag the works that came in last", 40)
    assert split["days"]["mlops"] == {"certify": ["2026-01-09", "2026-01-10"], "train": ["2026-01-01", "2026-01-08"]}
    for days in split["days"].values():
        assert days["train"][1] < days["certify"][0]


def test_what_came_in_together_is_split_at_random_and_says_so(gold):
    assert freeze_dataset().checks["split"]["how"] == "at random, as all works came in together"
    assert freeze_dataset(holds_out=False).checks["split"]["how"].startswith("nothing is kept")


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
    assert dataset.checks["looked_at"] == list(CHECKS)
    # Ten of each are few.
    assert {finding["check"] for finding in dataset.checks["findings"]} == {"balance"}


def test_languages_are_counted(gold):
    Item.objects.filter(pk=gold[0].pk).update(description="Wie man ein Netz mit den Daten von anderen lernt und prüft.")
    languages = freeze_dataset().checks["languages"]
    assert languages["de"] == 1
    assert sum(languages.values()) == 40
    assert list(languages.values()) == sorted(languages.values(), reverse=True)


def test_a_set_names_the_hash_by_which_measurements_on_it_are_known(gold):
    dataset = freeze_dataset()
    assert splits_by_sha256() == {
        dataset_sha256(examples_of(dataset, split)): ("gold-1", split) for split in ("train", "certify")
    }


def test_why_works_are_gone_is_kept_with_the_version_that_left_them_out(gold, cast, tags):
    freeze_dataset()
    task = open_task(item=gold[0], reason=ReviewTask.Reason.REPORTED)
    label_task(task=task, tag=None, account=cast.engineer)
    Item.objects.filter(pk=gold[1].pk).update(state="removed")
    dataset = freeze_dataset()
    gone = {gold[0].pk: "not machine learning", gold[1].pk: "the work was taken down"}
    assert dataset.checks["gone"] == {str(pk): why for pk, why in gone.items()}
    assert {one.item: one.why for one in difference(before(dataset), dataset).removed} == gone


def test_a_frozen_set_is_neither_changed_nor_deleted(gold):
    dataset = freeze_dataset()
    for change in (lambda: DatasetVersion.objects.update(n=1), dataset.delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
