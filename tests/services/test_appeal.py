"""Ask for another decision."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError, NotFoundError
from winnow.models import Event, Item, ItemKey, Report, ReviewTask
from winnow.queries.items import item_of, withheld_counts, withheld_items
from winnow.services.appeal import appeal, ask_take_down, may_put_back, put_back, withdraw
from winnow.services.rekey import rekey_items
from winnow.services.report import report_item
from winnow.services.review import label_task, open_task, undo_label
from winnow.services.submit import submit_work


@pytest.fixture
def refused(make_item, cast):
    return make_item("Mine, withheld", state="rejected", submitted_by=cast.reader)


def task_of(item):
    return ReviewTask.objects.get(item=item, closed_at=None)


def test_an_appeal_is_work_and_its_decision_brings_the_work_back(refused, cast, tags):
    report = appeal(item=refused, account=cast.reader, note="It is about serving models.")
    task = task_of(refused)
    assert (task.reason, Item.objects.get(pk=refused.pk).state) == ("appeal", "rejected")
    label_task(task=task, tag=tags["mlops"], account=cast.engineer)
    report.refresh_from_db()
    assert report.decided_at is not None
    assert (Item.objects.get(pk=refused.pk).state, Item.objects.get(pk=refused.pk).tag_id) == ("published", "mlops")


def test_said_twice_it_is_one_appeal(refused, cast):
    first = appeal(item=refused, account=cast.reader, note="Why?")
    assert appeal(item=refused, account=cast.reader, note="Why?!") == first
    assert ReviewTask.objects.count() == 1


@pytest.mark.parametrize("note", ["", "  ", "\x00"])
def test_a_reason_has_to_be_given(refused, cast, note):
    with pytest.raises(InputError, match="say why"):
        appeal(item=refused, account=cast.reader, note=note)
    with pytest.raises(InputError, match="say why"):
        ask_take_down(item=refused, reporter="x", account=None, note=note)


def test_only_who_submitted_it_appeals_or_withdraws(refused, cast):
    for act in (
        lambda: appeal(item=refused, account=cast.reviewer, note="x"),
        lambda: withdraw(item=refused, account=cast.reviewer),
    ):
        with pytest.raises(ConflictError, match="only who submitted"):
            act()


@pytest.mark.parametrize("state", ["admitted", "in_review"])
def test_what_is_not_decided_is_not_appealed(make_item, cast, state):
    item = make_item(state=state, submitted_by=cast.reader)
    with pytest.raises(ConflictError, match="nothing is decided"):
        appeal(item=item, account=cast.reader, note="x")


def test_a_take_down_is_decided_by_a_person_and_can_be_undone(make_item, cast):
    item = make_item(state="published")
    ask_take_down(item=item, reporter="anonymous:1", account=None, note="It shows my address.")
    task = task_of(item)
    assert (task.reason, Item.objects.get(pk=item.pk).state) == ("take_down", "published")
    label = label_task(task=task, tag=None, account=cast.engineer, removes=True)
    assert Item.objects.get(pk=item.pk).state == "removed"
    undo_label(label=label, account=cast.engineer)
    assert (Item.objects.get(pk=item.pk).state, Item.objects.get(pk=item.pk).tag_id) == ("published", "mlops")
    assert label_task(task=task_of(item), tag=None, account=cast.owner, removes=True).removes
    gone = Item.objects.get(pk=item.pk)
    with pytest.raises(ConflictError, match="not on the site"):
        ask_take_down(item=gone, reporter="y", account=None, note="Again.")


def test_a_take_down_that_is_refused_leaves_the_work_under_its_tag(make_item, cast, tags):
    item = make_item(state="published")
    ask_take_down(item=item, reporter="x", account=cast.reader, note="I do not like it.")
    label_task(task=task_of(item), tag=tags["mlops"], account=cast.engineer)
    assert Item.objects.get(pk=item.pk).state == "published"


def test_what_is_withdrawn_is_gone_with_its_work(make_item, cast):
    item = make_item(state="in_review", submitted_by=cast.reader)
    open_task(item=item, reason=ReviewTask.Reason.LOW_CONFIDENCE)
    withdraw(item=item, account=cast.reader)
    item.refresh_from_db()
    assert (item.state, ReviewTask.objects.filter(closed_at=None).count()) == ("removed", 0)
    with pytest.raises(ConflictError, match="not on the site"):
        withdraw(item=item, account=cast.reader)


@pytest.mark.parametrize("kind", ["appeal", "take_down"])
def test_neither_is_a_plain_report(make_item, cast, kind):
    with pytest.raises(InputError, match="on the page of the work"):
        report_item(item=make_item(state="published"), reporter="x", kind=Report.Kind(kind))


WORK = {"url": "https://example.org/moss", "title": "Telling mosses apart with a neural network"}


@pytest.fixture
def withdrawn(cast, tags):
    item = submit_work(**WORK, account=cast.reader).item
    withdraw(item=item, account=cast.reader)
    item.refresh_from_db()
    return item


def test_what_is_withdrawn_comes_back_where_it_was_with_its_names(withdrawn, cast):
    assert may_put_back(withdrawn, cast.reader)
    put_back(item=withdrawn, account=cast.reader)
    rekey_items()
    withdrawn.refresh_from_db()
    assert (withdrawn.state, may_put_back(withdrawn, cast.reader)) == ("in_review", False)
    assert task_of(withdrawn).reason == "low_confidence"
    assert ItemKey.objects.get(key="url:https://example.org/moss").item == withdrawn
    assert withdrawn.blocks.exists()


def test_whoever_brings_again_what_is_withdrawn_brings_it_anew(withdrawn, cast):
    again = submit_work(**WORK, account=cast.reviewer)
    assert (again.item.state, again.duplicate_of) == ("in_review", None)
    put_back(item=withdrawn, account=cast.reader)
    rekey_items()
    withdrawn.refresh_from_db()
    assert withdrawn.resembles == again.item
    assert ReviewTask.objects.filter(item=withdrawn, reason="duplicate_pair").exists()


def test_a_withdrawn_work_gets_no_names_while_it_is_away(withdrawn):
    Item.objects.update(keys_version=0)
    rekey_items()
    assert not withdrawn.keys.exists()


def test_only_for_a_while_and_only_by_who_withdrew_it(withdrawn, cast, make_item):
    with pytest.raises(ConflictError, match="only what you withdrew"):
        put_back(item=withdrawn, account=cast.operator)
    Event.objects.filter(kind="item.removed").update(created_at=timezone.now() - timedelta(hours=25))
    assert not may_put_back(withdrawn, cast.reader)
    with pytest.raises(ConflictError, match="too long ago"):
        put_back(item=withdrawn, account=cast.reader)
    with pytest.raises(ConflictError, match="only what you withdrew"):
        put_back(item=make_item(state="published", submitted_by=cast.reader), account=cast.reader)


def test_what_others_brought_too_is_not_one_persons_to_withdraw(cast, tags):
    item = submit_work(**WORK, account=cast.reader).item
    submit_work(**WORK, account=cast.reviewer)
    with pytest.raises(ConflictError, match="others brought"):
        withdraw(item=item, account=cast.reader)
    assert Item.objects.get(pk=item.pk).state == "in_review"


def test_what_was_taken_down_stays_down_by_every_road(cast, tags):
    item = submit_work(**WORK, account=cast.reader).item
    copy = submit_work(**WORK, account=cast.reviewer)
    ask_take_down(item=item, reporter="x", account=None, note="It shows my address.")
    task = ReviewTask.objects.get(item=item, reason="take_down")
    label_task(task=task, tag=None, account=cast.engineer, removes=True)
    with pytest.raises(ConflictError, match="taken off the site"):
        submit_work(**WORK, account=cast.other_reviewer)
    with pytest.raises(ConflictError, match="only what you withdrew"):
        put_back(item=Item.objects.get(pk=item.pk), account=cast.reader)
    assert copy.duplicate_of == item.pk
    assert sorted(Item.objects.values_list("state", flat=True)) == ["duplicate", "removed", "removed"]
    assert Event.objects.filter(kind="item.barred").count() == 1


def test_what_was_taken_down_is_shown_nowhere_not_as_a_copy_either(cast, tags):
    item = submit_work(**WORK, account=cast.reader).item
    submit_work(**WORK, account=cast.reviewer)
    copy = Item.objects.get(state="duplicate")
    assert (item_of(copy.pk), [row.pk for row in withheld_items().rows]) == (copy, [copy.pk])
    Item.objects.filter(pk=item.pk).update(state="removed")
    with pytest.raises(NotFoundError):
        item_of(copy.pk)
    assert (withheld_items().rows, withheld_counts()["duplicate"]) == ([], 0)


def test_putting_back_asks_again_whatever_was_asked_when_it_was_withdrawn(make_item, cast):
    item = make_item(state="published", tag="mlops", submitted_by=cast.reader)
    report = report_item(item=item, reporter="x", kind=Report.Kind.SPAM, note="An advertisement.")[0]
    ask_take_down(item=item, reporter="y", account=None, note="It shows my address.")
    open_task(item=item, reason=ReviewTask.Reason.EDITED)
    before = set(ReviewTask.objects.values_list("pk", flat=True))
    done = ReviewTask.objects.create(item=item, reason="audit", closed_at=timezone.now())
    withdraw(item=item, account=cast.reader)
    assert not ReviewTask.objects.filter(closed_at=None).exists()
    put_back(item=Item.objects.get(pk=item.pk), account=cast.reader)
    assert set(ReviewTask.objects.filter(closed_at=None).values_list("pk", flat=True)) == before
    assert Report.objects.filter(decided_at=None).count() == 2
    done.refresh_from_db()
    report.refresh_from_db()
    assert (done.closed_at is None, report.is_upheld, Item.objects.get(pk=item.pk).state) == (False, None, "published")


@pytest.mark.parametrize("against", ["rejection", "report"])
def test_what_people_said_against_a_work_is_not_got_around_by_bringing_it_again(cast, tags, against):
    item = submit_work(**WORK, account=cast.reader).item
    if against == "rejection":
        label_task(task=task_of(item), tag=None, account=cast.engineer)
    else:
        ask_take_down(item=item, reporter="x", account=None, note="It shows my address.")
    withdraw(item=Item.objects.get(pk=item.pk), account=cast.reader)
    with pytest.raises(ConflictError, match="taken off the site"):
        submit_work(**WORK, account=cast.reader)
    assert not Item.objects.exclude(state="removed").exists()
