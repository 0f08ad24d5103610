"""Labels that a gate lacks become tasks."""

import pytest

from winnow.models import Label, ReviewTask
from winnow.services.lacking import MOST, ask_for_labels


@pytest.fixture
def works(make_item, tags):
    published = [make_item(state="published", tag="mlops") for _ in range(6)]
    waiting = [make_item(state="in_review", likely_tag="natural-language-processing") for _ in range(4)]
    Label.objects.create(item=published[0], tag=tags["mlops"], is_gold=True)
    return published, waiting


def asked():
    return set(ReviewTask.objects.filter(reason="rare_tag").values_list("item_id", flat=True))


def test_a_tag_is_asked_about_where_the_model_takes_a_work_for_it(works, champion):
    published, waiting = works
    assert ask_for_labels(champion, {"mlops": 3}) == 3
    assert asked() < {item.pk for item in published[1:]}
    assert ask_for_labels(champion, {"natural-language-processing": 9}) == 4
    assert {item.pk for item in waiting} < asked()


def test_any_tag_is_any_work_and_each_has_the_probability_of_its_draw(works, champion):
    assert ask_for_labels(champion, {"": 3}) == 3
    assert set(ReviewTask.objects.values_list("probability", flat=True)) == {3 / 9}


def test_asked_twice_nothing_opens_twice(works, champion):
    assert (ask_for_labels(champion, {"": 4}), ask_for_labels(champion, {"": 4})) == (4, 0)
    assert ReviewTask.objects.count() == 4


def test_nobody_is_drowned(make_item, champion):
    for _ in range(MOST + 5):
        make_item(state="in_review")
    assert ask_for_labels(champion, {"": 10_000}) == MOST
