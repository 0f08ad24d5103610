"""How well reviewers do on hidden gold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.models import Label, ReviewTask
from winnow.queries.datasets import gold_rows
from winnow.queries.reviewers import ENOUGH, HURRIED, NEWEST, Standing, reviewers, struck_accounts, unproved_accounts
from winnow.services.review import label_task, undo_label


@pytest.fixture
def judge(make_item, tags, cast):
    """Let an account answer hidden gold, so many right and so many wrong, oldest first."""

    def judge(account, n_right=0, n_wrong=0):
        for is_right in [True] * n_right + [False] * n_wrong:
            item = make_item(state="published", tag="mlops")
            Label.objects.create(item=item, tag=tags["mlops"], is_gold=True)
            task = ReviewTask.objects.create(item=item, reason="gold", for_account=account, is_blind=True)
            label_task(task=task, tag=tags["mlops" if is_right else "other"], account=account)

    return judge


def standing(account):
    return reviewers()[account.pk].standing


def test_nobody_is_proved_by_nothing_and_who_writes_the_guidelines_is_not_measured(cast):
    assert standing(cast.reviewer) is Standing.UNPROVED
    assert set(reviewers()) == {cast.reviewer.pk, cast.other_reviewer.pk}
    assert unproved_accounts() == set(reviewers())


@pytest.mark.parametrize(
    ("n_right", "n_wrong", "expected"),
    [
        (ENOUGH, 0, Standing.PROVED),
        (ENOUGH - 1, 0, Standing.UNPROVED),
        (9, 3, Standing.PROVED),
        (6, 4, Standing.UNPROVED),
        (0, 3, Standing.STRUCK),
        (2, 8, Standing.STRUCK),
    ],
)
def test_the_line_is_drawn_by_an_interval(judge, cast, n_right, n_wrong, expected):
    judge(cast.reviewer, n_right, n_wrong)
    found = reviewers()[cast.reviewer.pk]
    assert (found.standing, found.right.n) == (expected, n_right + n_wrong)


def test_who_was_struck_is_judged_again_by_the_newest_answers(judge, cast):
    judge(cast.reviewer, n_wrong=6)
    assert struck_accounts() == {cast.reviewer.pk}
    judge(cast.reviewer, n_right=NEWEST)
    assert standing(cast.reviewer) is Standing.PROVED


def test_an_answer_that_was_taken_back_measures_nobody(judge, cast):
    judge(cast.reviewer, n_wrong=3)
    undo_label(label=Label.objects.filter(account=cast.reviewer).first(), account=cast.reviewer)
    assert reviewers()[cast.reviewer.pk].right.n == 2


def test_l12_labels_of_a_struck_account_leave_the_gold_and_come_back(judge, cast, make_item, tags):
    task = ReviewTask.objects.create(item=make_item(state="in_review"), reason="low_confidence")
    label_task(task=task, tag=tags["mlops"], account=cast.reviewer)
    mine = {task.item_id}
    assert mine <= {row.item_id for row in gold_rows()}
    judge(cast.reviewer, n_wrong=4)
    assert not mine & {row.item_id for row in gold_rows()}
    judge(cast.reviewer, n_right=NEWEST)
    assert mine <= {row.item_id for row in gold_rows()}


def test_l05_who_turns_one_tag_round_is_struck_though_most_is_right(judge, cast, make_item, tags):
    judge(cast.reviewer, n_right=12)
    for _ in range(4):
        item = make_item(state="published", tag="other")
        Label.objects.create(item=item, tag=tags["other"], is_gold=True)
        task = ReviewTask.objects.create(item=item, reason="gold", for_account=cast.reviewer, is_blind=True)
        label_task(task=task, tag=tags["computer-vision"], account=cast.reviewer)
    found = reviewers()[cast.reviewer.pk]
    assert (found.right.value, found.worst.value, found.standing) == (0.75, 0.0, Standing.STRUCK)


@pytest.mark.parametrize(("seconds", "is_person", "is_hurried"), [(1, True, True), (3, True, False), (1, False, False)])
def test_l06_a_person_who_answers_faster_than_anybody_reads_weighs_nothing(
    make_item, tags, cast, seconds, is_person, is_hurried
):
    if is_person:
        cast.reviewer.set_password("a long enough password")
        cast.reviewer.save()
    item, now = make_item(), timezone.now()
    for n in range(HURRIED + 5):
        label = Label.objects.create(item=item, tag=tags["mlops"], account=cast.reviewer)
        Label.objects.filter(pk=label.pk).update(created_at=now - timedelta(seconds=seconds * (HURRIED + 5 - n)))
    found = reviewers()[cast.reviewer.pk]
    assert (found.is_hurried, cast.reviewer.pk in struck_accounts()) == (is_hurried, is_hurried)
