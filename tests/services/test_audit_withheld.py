"""A few withheld works a week are shown to people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.models import Event, Item, Label, ReviewTask, WithheldDraw
from winnow.services.audit_withheld import AUDITED, EVERY, draw_withheld, is_due, lost_shares
from winnow.services.review import label_task, restore_item, undo_label


@pytest.fixture
def withheld(make_item):
    return [make_item(state="rejected") for _ in range(10)]


def later(*, weeks=1):
    """Let the rounds so far be older."""
    for draw in WithheldDraw.objects.all():
        WithheldDraw.objects.filter(pk=draw.pk).update(drawn_at=draw.drawn_at - weeks * EVERY - timedelta(minutes=1))
    Item.objects.update(admitted_at=timezone.now() - weeks * EVERY - timedelta(minutes=2))


def test_a_round_opens_tasks_and_keeps_how_likely_each_was(withheld):
    draws = draw_withheld(n=4, seed=1)
    assert {(d.round, d.reason, d.population, d.probability) for d in draws} == {(1, "off_topic", 10, 0.4)}
    assert {d.task.item_id for d in draws} == {d.item_id for d in draws}
    assert ReviewTask.objects.filter(reason="withheld_audit", closed_at=None).count() == 4
    assert Event.objects.get(kind="withheld.audit_drawn").data["population"] == {"off_topic": 10}


def test_every_reason_gets_two(withheld):
    Item.objects.filter(pk__in=[withheld[0].pk, withheld[1].pk, withheld[2].pk]).update(reason="spam")
    draws = draw_withheld(n=4, seed=1)
    assert sorted(d.reason for d in draws) == ["off_topic", "off_topic", "spam", "spam"]


def test_what_people_have_seen_is_not_drawn(withheld, make_item, cast):
    make_item(state="duplicate", duplicate_of=make_item(state="published"))
    Item.objects.filter(pk=withheld[0].pk).update(reason="invalid")
    restored = restore_item(item=withheld[1], account=cast.reviewer)
    label_task(task=restored, tag=None, account=cast.reviewer)
    assert {d.item_id for d in draw_withheld(n=100, seed=1)} == {item.pk for item in withheld[2:]}


def test_each_item_is_considered_once(withheld, make_item):
    draw_withheld(n=4, seed=1)
    later()
    fresh = [make_item(state="rejected") for _ in range(3)]
    second = draw_withheld(n=10, seed=2)
    assert {d.item_id for d in second} == {item.pk for item in fresh}
    assert {(d.round, d.population) for d in second} == {(2, 3)}
    assert draw_withheld(n=10, seed=3) == []


def test_a_round_is_due_once_a_week_where_there_is_something(withheld, settings, make_item):
    assert is_due()
    settings.AUDIT_WITHHELD = 0
    assert not is_due()
    settings.AUDIT_WITHHELD = 6
    draw_withheld(n=4, seed=1)
    make_item(state="rejected")
    assert not is_due()
    later()
    assert not is_due()
    make_item(state="rejected")
    assert is_due()


def test_without_answers_there_is_no_share(withheld):
    draw_withheld(n=4, seed=1)
    assert [(one.reason, one.share) for one in lost_shares()] == [(reason, None) for reason in AUDITED]


def test_answers_give_the_share_and_a_good_work_comes_back(withheld, tags, cast):
    draws = draw_withheld(n=4, seed=1)
    label_task(task=draws[0].task, tag=tags["mlops"], account=cast.reviewer)
    for draw in draws[1:3]:
        label_task(task=draw.task, tag=None, account=cast.reviewer)
    share = lost_shares()[0].share
    assert (share.value, share.n) == (pytest.approx(1 / 3), 3)
    assert 0 < share.low < 1 / 3 < share.high < 1
    draws[0].item.refresh_from_db()
    draws[1].item.refresh_from_db()
    assert (draws[0].item.state, draws[0].item.tag_id) == ("published", "mlops")
    assert draws[1].item.state == "rejected"


def test_an_answer_that_was_undone_does_not_count_and_the_work_is_withheld_again(withheld, tags, cast):
    draw = draw_withheld(n=4, seed=1)[0]
    label = label_task(task=draw.task, tag=tags["mlops"], account=cast.reviewer)
    undo_label(label=label, account=cast.reviewer)
    draw.item.refresh_from_db()
    assert (draw.item.state, draw.item.reason) == ("rejected", "off_topic")
    assert lost_shares()[0].share is None
    assert Label.objects.count() == 2


def test_a_round_that_was_audited_whole_is_known(make_item, tags, cast):
    make_item(state="rejected")
    (draw,) = draw_withheld(n=6, seed=1)
    label_task(task=draw.task, tag=None, account=cast.reviewer)
    share = lost_shares()[0].share
    assert (share.value, share.low, share.high, share.n) == (0, 0, 0, 1)
