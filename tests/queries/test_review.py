"""The queue as a reviewer sees it: never their own work, never the answers of others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.core.errors import NotFoundError
from winnow.models import Report, ReviewTask
from winnow.queries.review import MAX_REPORTS, label_of, open_reports, open_tasks, queue_of
from winnow.services.report import report_item
from winnow.services.review import label_task, open_task, undo_label

LOW = ReviewTask.Reason.LOW_CONFIDENCE


@pytest.fixture
def ask(make_item):
    """Open a task of this priority about a new Item."""

    def ask(priority=0.5, **fields):
        return open_task(item=make_item(state="in_review", **fields), reason=LOW, priority=priority)

    return ask


def test_what_is_closed_or_ones_own_is_not_asked(ask, cast, tags):
    mine, closed, theirs = ask(submitted_by=cast.reviewer), ask(), ask(submitted_by=cast.reader)
    label_task(task=closed, tag=tags["mlops"], account=cast.other_reviewer)
    assert set(open_tasks(cast.reviewer)) == {theirs}
    assert set(open_tasks(cast.other_reviewer)) == {mine, theirs}


def test_the_head_of_the_queue_counts_open_and_today_and_knows_the_last_answer(ask, cast, tags):
    now = timezone.now()
    ask(), ask(submitted_by=cast.reviewer)
    labels = [label_task(task=ask(), tag=tags["mlops"], account=cast.reviewer) for _ in range(3)]
    label_task(task=ask(), tag=tags["mlops"], account=cast.other_reviewer)
    undo_label(label=labels[2], account=cast.reviewer)
    queue = queue_of(cast.reviewer, now)
    assert (queue.n_open, queue.n_done_today, queue.last_label) == (2, 2, labels[1])
    assert queue_of(cast.reviewer, timezone.now() + timedelta(hours=1)).n_done_today == 0


def test_a_reviewer_who_did_nothing_has_no_last_answer(ask, cast):
    ask()
    queue = queue_of(cast.reviewer, timezone.now())
    assert (queue.n_open, queue.n_done_today, queue.last_label) == (1, 0, None)


def test_the_answer_of_another_is_not_there(ask, cast, tags):
    label = label_task(task=ask(), tag=tags["mlops"], account=cast.reviewer)
    assert label_of(label.pk, cast.reviewer) == label
    for pk, account in ((label.pk, cast.other_reviewer), (10**6, cast.reviewer)):
        with pytest.raises(NotFoundError):
            label_of(pk, account)


def test_the_newest_few_undecided_reports_are_shown(make_item, tags):
    item, other = make_item(state="published"), make_item(state="published")
    report_item(item=other, reporter="elsewhere")
    reports = [report_item(item=item, reporter=f"r{n}", tag=tags["other"])[0] for n in range(MAX_REPORTS + 3)]
    Report.objects.filter(pk=reports[-1].pk).update(decided_at=timezone.now())
    assert list(open_reports(item)) == reports[-2 : -2 - MAX_REPORTS : -1]


@pytest.mark.parametrize("n", [1, 12])
def test_the_number_of_queries_does_not_grow_with_the_queue(ask, cast, make_item, tags, n, django_assert_num_queries):
    for i in range(n):
        task = ask(resembles=make_item(state="published"))
        report_item(item=task.item, reporter=f"r{i}", tag=tags["other"])
    with django_assert_num_queries(3):
        queue = queue_of(cast.reviewer, timezone.now())
    assert queue.n_open == 2 * n
