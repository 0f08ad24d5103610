"""What became of what people sent in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.core.errors import NotFoundError
from winnow.models import Account, Item, Report, ReviewTask
from winnow.queries.feedback import news_of, reliability, reports_of, submission_of, submissions_of, weight
from winnow.services import publish
from winnow.services.answer import mark_told
from winnow.services.report import report_item
from winnow.services.review import label_task


@pytest.fixture
def decided(make_item, tags, cast):
    """A report of one kind on a published work, and a person's answer to it."""

    def decide(kind="wrong_tag", proposed=None, answer=None, account=None):
        item = make_item(state="published", tag="mlops")
        proposed = tags[proposed] if proposed else None
        report_item(item=item, reporter="voice", kind=Report.Kind(kind), tag=proposed, account=account)
        task = ReviewTask.objects.get(item=item)
        return label_task(task=task, tag=tags[answer] if answer else None, account=cast.reviewer)

    return decide


def test_what_an_account_submitted_is_listed_whatever_became_of_it(make_item, cast):
    mine = [make_item(state=state, submitted_by=cast.reader) for state in ("published", "rejected", "in_review")]
    make_item(state="published", submitted_by=cast.reviewer)
    assert submissions_of(cast.reader) == mine[::-1]


@pytest.mark.parametrize(
    ("kind", "proposed", "answer", "is_upheld"),
    [
        ("wrong_tag", "other", "other", True),
        ("wrong_tag", "other", "mlops", False),
        ("wrong_tag", None, "other", True),
        ("wrong_tag", None, "mlops", False),
        ("off_topic", None, None, True),
        ("spam", None, "mlops", False),
        ("duplicate", None, "mlops", False),
    ],
)
def test_a_report_is_upheld_where_the_work_is_as_it_wanted_it(decided, cast, kind, proposed, answer, is_upheld):
    decided(kind, proposed, answer, cast.reader)
    (report,) = reports_of(cast.reader)
    assert (report.is_upheld, report.decided_at is None) == (is_upheld, False)


def test_what_nobody_decided_is_neither(make_item, cast):
    report_item(item=make_item(state="published"), reporter="voice", account=cast.reader)
    assert [one.is_upheld for one in reports_of(cast.reader)] == [None]


def test_a_voice_weighs_by_its_record_and_a_new_one_as_one(decided):
    assert (weight("voice"), reliability("voice").n) == (1.0, 0)
    for _ in range(3):
        decided(proposed="other", answer="mlops")
    found = reliability("voice")
    assert (found.value, found.n) == (0.0, 3)
    assert found.high < 0.8
    assert weight("voice") == pytest.approx(0.4)


def test_who_is_often_right_is_heard_sooner_but_moves_nothing(decided, make_item):
    for _ in range(4):
        decided(proposed="other", answer="other")
    item = make_item(state="published")
    report_item(item=item, reporter="voice")
    other = make_item(state="published")
    report_item(item=other, reporter="nobody")
    heard, new = (ReviewTask.objects.get(item=one).priority for one in (item, other))
    assert heard > new
    item.refresh_from_db()
    assert (item.state, item.tag_id) == ("published", "mlops")


@pytest.mark.parametrize("pk", [0, -1, 2**63, 10**6])
def test_ones_own_submission_is_found_and_nothing_else(make_item, cast, pk):
    mine = make_item(state="rejected", submitted_by=cast.reader)
    Item.objects.filter(pk=mine.pk).update(state="removed")
    assert submission_of(mine.pk, cast.reader) == mine
    for number, account in ((mine.pk, cast.reviewer), (pk, cast.reader)):
        with pytest.raises(NotFoundError):
            submission_of(number, account)


@pytest.fixture
def since(cast):
    """Everybody has been here for an hour, and so have the works that are made."""
    hour_ago = timezone.now() - timedelta(hours=1)

    def since(*items):
        Account.objects.update(created_at=hour_ago)
        Item.objects.update(admitted_at=hour_ago)
        cast.reader.refresh_from_db()
        return items[0] if len(items) == 1 else items

    return since


def test_what_others_decided_about_ones_works_is_news_until_it_is_read(make_item, cast, tags, since):
    item, other = make_item(submitted_by=cast.reader), make_item(submitted_by=cast.reviewer)
    since(item, other)
    for one in (item, other):
        publish.publish_item(one, tag=tags["mlops"], decided_by=Item.DecidedBy.PERSON, account=cast.engineer)
    assert news_of(cast.reader) == {item.pk}
    mark_told(cast.reader, at=timezone.now())
    assert news_of(cast.reader) == set()
    publish.withhold_item(item, reason=Item.Reason.SPAM, detail="why", account=cast.engineer)
    assert news_of(Account.objects.get(pk=cast.reader.pk)) == {item.pk}


def test_what_is_decided_at_once_or_by_oneself_is_no_news(make_item, cast, tags, since):
    mine = since(make_item(submitted_by=cast.reader))
    at_once = make_item(submitted_by=cast.reader)
    publish.publish_item(at_once, tag=tags["mlops"], decided_by=Item.DecidedBy.PERSON)
    publish.remove_item(mine, account=cast.reader, reason="mine")
    assert news_of(cast.reader) == set()


def test_what_became_of_a_report_is_news_once_a_work(decided, cast, since):
    label = decided(proposed="other", answer="other", account=cast.reader)
    since()
    assert news_of(cast.reader) == {label.item_id}
