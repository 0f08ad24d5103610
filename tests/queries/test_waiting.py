"""What waits only because the classifier was not sure."""

from winnow.models import Item, Prediction, ReviewTask
from winnow.queries.waiting import answers_of, waiting_items


def test_waiting_is_in_review_undecided_and_asked_for_no_other_reason(make_item):
    waits, audited, reported, copy = (make_item(state="in_review") for _ in range(4))
    make_item(state="published")
    make_item()
    ReviewTask.objects.create(item=waits, reason="low_confidence")
    ReviewTask.objects.create(item=audited, reason="audit")
    ReviewTask.objects.create(item=reported, reason="reported")
    Item.objects.filter(pk=copy.pk).update(resembles=waits)
    assert list(waiting_items()) == [waits, audited]
    ReviewTask.objects.filter(item=reported).update(closed_at="2026-11-01T00:00Z")
    assert list(waiting_items()) == [waits, audited, reported]


def test_the_newest_answer_of_a_model_is_its_answer(make_item, champion):
    item, other = make_item(state="in_review"), make_item(state="in_review")

    def say(confidence):
        return Prediction.objects.create(
            item=item, model_version=champion, confidence=confidence, probabilities={}, action="review", latency_ms=0.0
        )

    say(0.4)
    newest = say(0.6)
    assert answers_of(champion, waiting_items()) == {item.pk: newest}
    assert answers_of(champion, waiting_items().filter(pk=other.pk)) == {}
