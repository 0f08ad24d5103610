"""What became of what people sent in."""

import pytest

from winnow.models import Report, ReviewTask
from winnow.queries.feedback import reliability, reports_of, submissions_of, weight
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
    (answered,) = reports_of(cast.reader)
    assert answered.is_upheld is is_upheld


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
