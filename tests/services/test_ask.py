"""What people are asked about to teach."""

import pytest

from winnow.models import Prediction, ReviewTask
from winnow.services.ask import ASKED, ask_about


def lead(item):
    first, second = sorted(Prediction.objects.get(item=item).probabilities.values(), reverse=True)[:2]
    return first - second


def test_the_nearest_to_the_decision_come_first_in_the_queue(stream):
    tasks = ask_about(5)
    assert [task.item for task in tasks] == sorted(stream, key=lead)[:5]
    assert {(task.reason, task.priority) for task in tasks} == {("low_confidence", ASKED)}
    assert set(ReviewTask.objects.order_by("-priority")[:5]) == set(tasks)
    assert ReviewTask.objects.count() == len(stream)


def test_asking_twice_is_asking_once(stream):
    assert ask_about(3) == ask_about(3)


def test_what_was_answered_teaches_once(stream, people):
    tasks = ask_about(3)
    people(tasks)
    assert not {task.item_id for task in ask_about(len(stream))} & {task.item_id for task in tasks}


@pytest.mark.usefixtures("stream")
def test_of_near_copies_one_is_asked_about(make_item):
    from winnow.services.classify import classify_admitted

    twins = [make_item(title) for title in ("A wholly new and strange matter", "A WHOLLY new and strange matter!")]
    classify_admitted()
    asked = {task.item for task in ask_about(100)}
    assert len(asked & set(twins)) == 1


def test_without_a_model_nothing_is_asked(stream, undeploy):
    undeploy()
    assert ask_about(5) == []
