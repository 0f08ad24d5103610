"""Audits with what people said of them."""

import pytest

from winnow.models import Audit, ReviewTask
from winnow.queries.audits import AuditAnswer, answered_audits, newest_certification, newest_label
from winnow.services.review import label_task, open_task, undo_label


@pytest.fixture
def audit(make_item, champion):
    def make():
        item = make_item(state="in_review")
        task = open_task(item=item, reason=ReviewTask.Reason.AUDIT)
        return Audit.objects.create(
            item=item, task=task, model_version=champion, tag="mlops", confidence=0.9, probability=0.5, floor=0.4
        )

    return make


def test_only_answered_audits_count_first_answered_first(audit, champion, tags, cast):
    first, second, _ = audit(), audit(), audit()
    label_task(task=second.task, tag=tags["mlops"], account=cast.reviewer)
    label_task(task=first.task, tag=tags["other"], account=cast.reviewer)
    assert answered_audits(champion) == [
        AuditAnswer(second.item_id, "mlops", 0.9, 0.5, "mlops", 0.4),
        AuditAnswer(first.item_id, "mlops", 0.9, 0.5, "other", 0.4),
    ]
    assert [answer.is_right for answer in answered_audits(champion)] == [True, False]
    assert answered_audits(champion, up_to=newest_label() - 1) == answered_audits(champion)[:1]


def test_none_of_our_tags_is_an_error_and_a_copy_is_no_answer(audit, champion, make_item, cast):
    none, copy = audit(), audit()
    label_task(task=none.task, tag=None, account=cast.reviewer)
    label_task(task=copy.task, tag=None, account=cast.reviewer, copy_of=make_item(state="published"))
    (answer,) = answered_audits(champion)
    assert (answer.item_id, answer.said, answer.is_right) == (none.item_id, "", False)


def test_an_undone_answer_is_none_and_a_correction_counts(audit, champion, tags, cast):
    undone, corrected = audit(), audit()
    label = label_task(task=undone.task, tag=tags["mlops"], account=cast.reviewer)
    undo_label(label=label, account=cast.reviewer)
    label_task(task=corrected.task, tag=tags["mlops"], account=cast.reviewer)
    again = open_task(item=corrected.item, reason=ReviewTask.Reason.REPORTED)
    label_task(task=again, tag=tags["other"], account=cast.other_reviewer)
    (answer,) = answered_audits(champion)
    assert (answer.item_id, answer.said) == (corrected.item_id, "other")


def test_where_nothing_happened_there_is_nothing(champion):
    assert (answered_audits(champion), newest_certification(champion), newest_label()) == ([], None, 0)
