"""Works of a tag that were put under another one come into the queue."""

import numpy as np
import pytest

from winnow.models import Event, Item, Label, RecallDraw, Report, ReviewTask
from winnow.queries.recall import recalled
from winnow.services.encode import pack
from winnow.services.recall import PRIORITY, recall
from winnow.services.review import label_task, open_task

WORDS = ("river", "market", "violin", "harbour", "meadow", "engine", "orchard", "tunnel", "glacier", "kitchen")


def towards(share, n=0):
    """A vector that is `share` of the way of the tag; each `n` lies elsewhere otherwise."""
    vector = np.zeros(16, dtype=np.float32)
    vector[0], vector[1 + n % 15] = share, np.sqrt(1 - share**2)
    return {"vector": pack(vector), "encoder_sha256": "e"}


@pytest.fixture
def held(make_item, tags):
    """Six of `other` that people labelled; ten under another tag, the later the less like it."""
    for n in range(6):
        item = make_item(f"Gold {WORDS[n]}", state="published", tag="other", **towards(0.95, n))
        Label.objects.create(item=item, tag=tags["other"], is_gold=True)
    return [
        make_item(f"A {word} apart", state="published", **towards(0.9 - 0.05 * n, n)) for n, word in enumerate(WORDS)
    ]


def drawn(way):
    return list(RecallDraw.objects.filter(way=way).order_by("item_id").values_list("item_id", flat=True))


def test_the_nearest_come_and_some_by_chance_with_their_probability(held, tags):
    assert recall(tag=tags["other"], seed=1, n=4) == {"reported": 0, "nearest": 2, "unsure": 0, "random": 2}
    assert drawn("nearest") == [held[0].pk, held[1].pk]
    by_chance = ReviewTask.objects.filter(item_id__in=drawn("random"))
    assert {task.probability for task in by_chance} == {2 / 8}
    tasks = ReviewTask.objects.values_list("reason", "priority").distinct()
    assert list(tasks) == [("rare_tag", PRIORITY)]
    assert ReviewTask.objects.exclude(pk__in=by_chance).filter(probability=1.0).count() == 2


def test_what_readers_report_comes_first(held, tags):
    Report.objects.create(item=held[9], kind="wrong_tag", tag=tags["other"], reporter="r")
    Report.objects.create(item=held[8], kind="wrong_tag", tag=tags["mlops"], reporter="r")
    assert recall(tag=tags["other"], seed=1, n=1) == {"reported": 1, "nearest": 0, "unsure": 0, "random": 0}
    assert drawn("reported") == [held[9].pk]


def test_what_waits_comes_likeliest_of_the_tag_first_then_the_least_sure(make_item, tags):
    sure, unsure = (make_item(f"The {sure} of it", state="in_review", confidence=sure) for sure in (0.8, 0.4))
    likely = make_item("Likely", state="in_review", likely_tag="other", confidence=0.7)
    assert recall(tag=tags["other"], seed=1, n=8)["unsure"] == 2
    assert drawn("unsure") == sorted([unsure.pk, likely.pk])
    assert drawn("random") == [sure.pk]


def test_nobody_is_asked_what_is_known_or_bears_the_tag_or_is_gone(make_item, tags, held):
    judged, removed, same = held[0], held[1], make_item("Same", state="published", tag="other", **towards(0.99))
    Label.objects.create(item=judged, tag=tags["mlops"], is_gold=True)
    Item.objects.filter(pk=removed.pk).update(state="removed")
    recall(tag=tags["other"], seed=1, n=100)
    asked = set(RecallDraw.objects.values_list("item_id", flat=True))
    assert asked == {item.pk for item in held[2:]}
    assert same.pk not in asked


def test_of_works_that_are_one_a_way_asks_about_one(make_item, tags, held):
    about = "One description of eight words, used by two works of different titles."
    for item in held[:2]:
        Item.objects.filter(pk=item.pk).update(description=about)
    recall(tag=tags["other"], seed=1, n=4)
    assert drawn("nearest") == [held[0].pk, held[2].pk]


def test_asked_twice_nothing_opens_twice_and_what_was_answered_is_filled_up(held, tags, cast):
    recall(tag=tags["other"], seed=1, n=4)
    before = list(ReviewTask.objects.order_by("pk").values())
    assert sum(recall(tag=tags["other"], seed=2, n=4).values()) == 0
    assert list(ReviewTask.objects.order_by("pk").values()) == before
    task = ReviewTask.objects.get(item=held[0])
    label_task(task=task, tag=tags["other"], account=cast.engineer)
    assert sum(recall(tag=tags["other"], seed=3, n=4).values()) == 1
    assert RecallDraw.objects.filter(item=held[0]).count() == 1
    assert Event.objects.filter(kind="tag.recalled", is_public=False).count() == 2


def test_a_task_that_was_open_keeps_the_probability_of_its_own_draw(held, tags):
    task = open_task(item=held[0], reason=ReviewTask.Reason.RARE_TAG)
    ReviewTask.objects.filter(pk=task.pk).update(probability=0.1)
    recall(tag=tags["other"], seed=1, n=2)
    task.refresh_from_db()
    assert (task.probability, task.recall_draws.get().probability) == (0.1, 1.0)


def test_vectors_of_another_encoder_are_not_compared(held, tags):
    Item.objects.filter(pk=held[0].pk).update(encoder_sha256="another", vector=pack(np.ones(3, dtype=np.float32)))
    recall(tag=tags["other"], seed=1, n=4)
    assert drawn("nearest") == [held[1].pk, held[2].pk]


def test_without_anything_held_there_is_nothing_to_do(tags):
    assert sum(recall(tag=tags["other"], seed=1).values()) == 0
    assert not Event.objects.filter(kind="tag.recalled").exists()


def test_found_hidden_works_move_to_the_tag_and_are_counted(held, tags, cast):
    recall(tag=tags["other"], seed=1, n=4)
    for task in ReviewTask.objects.order_by("pk"):
        label_task(task=task, tag=tags["other" if task.item_id == held[0].pk else "mlops"], account=cast.engineer)
    found = recalled("other")
    assert (found.n_found, found.found.n, found.n_waiting) == (1, 4, 0)
    assert Item.objects.get(pk=held[0].pk).tag_id == "other"


@pytest.mark.parametrize("n", [0, -1])
def test_wanting_none_opens_none(held, tags, n):
    assert sum(recall(tag=tags["other"], seed=1, n=n).values()) == 0
