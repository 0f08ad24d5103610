"""Works whose tag is known, hidden among the tasks of each reviewer."""

import pytest

from winnow.models import Item, Job, Label, ReviewTask
from winnow.services.hide_gold import hide_gold, is_due, lacking_gold
from winnow.services.jobs import claim_job, enqueue, finishing


@pytest.fixture
def gold(make_item, tags):
    items = [make_item(state="published", tag="mlops") for _ in range(6)]
    for item in items:
        Label.objects.create(item=item, tag=tags["mlops"], is_gold=True)
    return items


def hidden(account):
    return ReviewTask.objects.filter(reason="gold", for_account=account)


def test_each_reviewer_has_some_of_their_own_and_others_have_none(gold, cast, settings):
    settings.HIDDEN_GOLD = 2
    assert {account.name for account in lacking_gold()} == {"reviewer", "other-reviewer"}
    assert hide_gold(seed=1) == 4
    assert (hidden(cast.reviewer).count(), hidden(cast.engineer).count()) == (2, 0)
    task = hidden(cast.reviewer).first()
    assert (task.is_blind, task.probability) == (True, pytest.approx(2 / 6))
    assert 0.0 < task.priority < 1.0
    assert (hide_gold(seed=2), lacking_gold()) == (0, [])


def test_nobody_is_asked_what_they_labelled_submitted_or_were_asked_before(gold, cast, tags, settings):
    settings.HIDDEN_GOLD = 6
    Label.objects.create(item=gold[0], tag=tags["mlops"], account=cast.reviewer)
    Item.objects.filter(pk=gold[1].pk).update(submitted_by=cast.reviewer)
    ReviewTask.objects.create(item=gold[2], reason="gold", for_account=cast.reviewer)
    hide_gold(seed=1)
    asked = set(hidden(cast.reviewer).values_list("item_id", flat=True))
    assert asked == {item.pk for item in gold[2:]}


def test_none_where_the_setting_says_so(gold, cast, settings):
    settings.HIDDEN_GOLD = 0
    assert (lacking_gold(), hide_gold(seed=1), is_due()) == ([], 0, False)


def test_where_there_is_nothing_to_hide_it_is_not_tried_without_end(cast):
    assert is_due()
    enqueue("hide_gold", "")
    job = claim_job(holder="w", kinds=["hide_gold"])
    assert hide_gold(seed=1) == 0
    with finishing(job):
        pass
    assert (is_due(), Job.objects.count()) == (False, 1)
