"""Whoever reported something is answered."""

import pytest
from django.utils import timezone

from winnow.models import Account, Report, ReviewTask
from winnow.services import publish
from winnow.services.answer import drop_reports, mark_told
from winnow.services.report import report_item
from winnow.services.review import label_task, undo_label

KINDS = Report.Kind


@pytest.fixture
def reported(make_item):
    """A published work with reports of these kinds."""

    def report(*kinds, **more):
        item = make_item(state="published", tag="mlops")
        for kind in kinds:
            report_item(item=item, reporter="voice", kind=KINDS(kind), **more)
        return item

    return report


def upheld(item):
    return dict(Report.objects.filter(item=item).values_list("kind", "is_upheld"))


def decide(item, account, **answer):
    return label_task(task=ReviewTask.objects.get(item=item, closed_at=None), account=account, **answer)


def test_one_decision_answers_all_that_was_said(reported, cast):
    item = reported("wrong_tag", "off_topic", "spam", "broken", "duplicate")
    decide(item, cast.reviewer, tag=None)
    assert upheld(item) == {"wrong_tag": False, "off_topic": True, "spam": True, "broken": True, "duplicate": False}


def test_an_answer_does_not_change_with_what_comes_later(reported, cast, tags):
    item = reported("off_topic")
    decide(item, cast.reviewer, tag=tags["mlops"])
    publish.withhold_item(item, reason="off_topic", detail="another day")
    assert upheld(item) == {"off_topic": False}


def test_what_turned_out_a_copy_is_answered_though_its_reports_are_with_the_face(reported, make_item, cast):
    item, face = reported("duplicate", "wrong_tag"), make_item(state="published")
    decide(item, cast.reviewer, tag=None, copy_of=face)
    assert upheld(face) == {"duplicate": True, "wrong_tag": False}


def test_an_undo_asks_again_and_what_was_said_anew_stands(reported, cast, tags):
    item = reported("wrong_tag", "spam", tag=tags["other"])
    label = decide(item, cast.reviewer, tag=tags["other"])
    report_item(item=item, reporter="voice", kind=KINDS.SPAM)
    undo_label(label=label, account=cast.reviewer)
    open_ = Report.objects.filter(item=item, decided_at=None)
    assert sorted(open_.values_list("kind", flat=True)) == ["spam", "wrong_tag"]
    assert Report.objects.filter(item=item).count() == 3


def test_what_is_withdrawn_leaves_its_reports_unjudged(reported):
    item = reported("spam", "broken")
    assert (drop_reports(item), drop_reports(item)) == (2, 0)
    assert upheld(item) == {"spam": None, "broken": None}


def test_who_has_read_is_noted_with_the_moment(cast):
    now = timezone.now()
    mark_told(cast.reader, at=now)
    assert Account.objects.get(pk=cast.reader.pk).told_at == cast.reader.told_at == now
