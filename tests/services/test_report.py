"""A report is work, never a change."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError, TooManyError
from winnow.models import Account, Event, Item, Report, ReviewTask
from winnow.queries.items import published_items
from winnow.services.report import report_item


def test_a_report_is_stored_and_opens_a_task(make_item, tags, cast):
    item = make_item(state="published", tag="mlops")
    report, is_new = report_item(
        item=item, reporter="account:1", tag=tags["other"], note=" why\x00 ", account=cast.reader
    )
    task = ReviewTask.objects.get()
    assert is_new
    assert (report.kind, report.tag_id, report.note, report.account) == ("wrong_tag", "other", "why", cast.reader)
    assert (task.item, task.reason, task.closed_at) == (item, "reported", None)


def test_the_item_stays_as_it_is(make_item, tags):
    item = make_item(state="published", tag="mlops")
    for n in range(60):
        report_item(item=item, reporter=f"someone-{n}", tag=tags["other"])
    item.refresh_from_db()
    assert (item.state, item.tag_id) == ("published", "mlops")
    assert ReviewTask.objects.count() == 1


def test_the_same_voice_counts_once(make_item):
    item = make_item(state="published")
    first, is_new = report_item(item=item, reporter="a")
    again, is_new_again = report_item(item=item, reporter="a")
    assert (first, is_new, is_new_again) == (again, True, False)
    assert Report.objects.count() == 1


def test_more_voices_raise_the_task_up_to_a_cap(make_item):
    item = make_item(state="published")
    priorities = []
    for n in range(8):
        report_item(item=item, reporter=f"someone-{n}")
        priorities.append(ReviewTask.objects.get().priority)
    assert priorities == pytest.approx([2.1, 2.2, 2.3, 2.4, 2.5, 2.5, 2.5, 2.5])


def test_another_kind_from_the_same_voice_is_another_report(make_item):
    item = make_item(state="published")
    report_item(item=item, reporter="a")
    _, is_new = report_item(item=item, reporter="a", kind=Report.Kind.SPAM)
    assert is_new


@pytest.mark.parametrize("state", ["rejected", "admitted"])
def test_what_is_not_on_the_site_cannot_be_reported(make_item, state):
    item = make_item(state=state)
    with pytest.raises(ConflictError):
        report_item(item=item, reporter="a")
    assert (Report.objects.count(), Item.objects.get(pk=item.pk).state) == (0, state)


@pytest.mark.django_db(transaction=True)
def test_one_voice_eight_times_at_once_is_one_report(make_item, at_once):
    item = make_item(state="published")
    answers = at_once([partial(report_item, item=item, reporter="account:1")] * 8)
    assert {report.pk for report, _ in answers} == {Report.objects.get().pk}
    assert sum(is_new for _, is_new in answers) == 1
    assert ReviewTask.objects.filter(item=item).count() == 1


def test_l02_two_hundred_new_accounts_against_one_item_are_one_task_below_the_cap_and_a_flag(make_item, tags):
    item, *_ = (make_item(state="published", tag="mlops") for _ in range(3))
    ranking, heat = [row.pk for row in published_items(sort="popular").rows], item.hotness
    for n in range(200):
        account = Account.objects.create(name=f"new-{n}", role="reader")
        report_item(item=item, reporter=f"account:{account.pk}", tag=tags["other"], account=account)
    item.refresh_from_db()
    assert (item.state, item.tag_id, Report.objects.count()) == ("published", "mlops", 200)
    assert [row.pk for row in published_items(sort="popular").rows] == ranking
    assert item.hotness == heat
    assert ReviewTask.objects.get().priority == pytest.approx(2.5)
    assert Event.objects.get(kind="item.report_burst").data == {"n_voices": 10, "minutes": 10}


def test_l02_a_handful_of_voices_is_no_burst(make_item):
    item = make_item(state="published")
    for n in range(9):
        report_item(item=item, reporter=f"someone-{n}")
    report_item(item=item, reporter="someone-0", kind=Report.Kind.SPAM)
    assert not Event.objects.filter(kind="item.report_burst").exists()


def test_l02_voices_of_many_days_are_no_burst(make_item):
    item = make_item(state="published")
    for n in range(20):
        report_item(item=item, reporter=f"someone-{n}")
        Report.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert not Event.objects.filter(kind="item.report_burst").exists()


def test_l01_a_voice_that_reports_all_there_is_is_stopped_and_hides_nothing(make_item, cast):
    items = [make_item(state="published") for _ in range(20)]
    refused = 0
    for item in items:
        try:
            report_item(item=item, reporter=f"account:{cast.reader.pk}", account=cast.reader)
        except TooManyError:
            refused += 1
    assert (refused, Report.objects.count()) == (5, 15)
    assert Item.objects.filter(state="published").count() == 20


def test_a_duplicate_names_the_other_and_moves_neither(make_item):
    item, other = make_item(state="published"), make_item(state="published")
    report, _ = report_item(item=item, reporter="a", kind=Report.Kind.DUPLICATE, copy_of=other)
    item.refresh_from_db()
    assert (report.copy_of, item.state, item.resembles) == (other, "published", None)


def test_only_a_duplicate_is_one_of_another(make_item):
    item, other = make_item(state="published"), make_item(state="published")
    report, _ = report_item(item=item, reporter="a", kind=Report.Kind.SPAM, copy_of=other)
    assert report.copy_of is None


def test_nothing_is_a_duplicate_of_itself_or_of_its_copy(make_item):
    item = make_item(state="published")
    copy = make_item(state="duplicate", duplicate_of=item)
    for other in (item, copy):
        with pytest.raises(InputError, match="this very work"):
            report_item(item=item, reporter="a", kind=Report.Kind.DUPLICATE, copy_of=other)
    assert not Report.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_l02_sixty_reports_at_once_leave_the_item_and_are_all_heard(make_item, tags, at_once):
    item = make_item(state="published", tag="mlops")
    calls = [partial(report_item, item=item, reporter=f"voice-{n}", tag=tags["other"]) for n in range(60)]
    answers = at_once(calls)
    item.refresh_from_db()
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert (item.state, item.tag_id, Report.objects.count()) == ("published", "mlops", 60)
    assert ReviewTask.objects.get().priority == pytest.approx(2.5)
    assert Event.objects.filter(kind="item.report_burst").count() == 1
