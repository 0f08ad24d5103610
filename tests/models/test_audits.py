"""Audits and what rests on them."""

import pytest

from winnow.models import Audit, Certification, ReviewTask


@pytest.fixture
def draw(make_item, champion):
    def make(item=None, **fields):
        item = item or make_item(state="in_review")
        task = ReviewTask.objects.create(item=item, reason="audit")
        drawn = {"tag": "mlops", "confidence": 0.9, "probability": 0.5, "floor": 0.4}
        return Audit.objects.create(item=item, task=task, model_version=champion, **{**drawn, **fields})

    return make


@pytest.mark.parametrize("probability", [0.0, -0.1, 1.1])
def test_an_audit_was_drawn_with_a_probability(refused, draw, probability):
    assert refused(lambda: draw(probability=probability))
    assert not refused(lambda: draw(probability=1.0))


def test_an_item_is_an_audit_of_a_model_once(refused, draw):
    audit = draw()
    audit.task.delete()
    again = draw(audit.item)
    ReviewTask.objects.filter(pk=again.task_id).update(closed_at="2026-11-01T00:00Z")
    assert refused(lambda: draw(audit.item))


def test_each_look_at_a_model_is_one_row(refused, champion):
    def look(number):
        return Certification.objects.create(
            model_version=champion, look=number, last_label=0, n=0, risk=0.0, policy={}, per_tag={}
        )

    look(1)
    assert refused(lambda: look(1))
    assert not refused(lambda: look(2))
