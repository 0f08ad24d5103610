"""Where works of a tag may be hidden, and how many were found."""

import pytest

from winnow.core.intervals import clopper_pearson
from winnow.models import Label, RecallDraw, Report, Source
from winnow.queries.recall import recall_candidates, recalled, reported_as, unsure_items
from winnow.services.review import label_task, open_task, undo_label


@pytest.fixture
def draw(make_item, tags, cast):
    """An Item that was looked at for `other`, found in some way, and what was said of it; None: nothing yet."""

    def draw(way, said):
        item = make_item(state="published")
        task = open_task(item=item, reason="rare_tag")
        RecallDraw.objects.create(tag=tags["other"], item=item, task=task, way=way, probability=1.0)
        return label_task(task=task, tag=tags[said], account=cast.engineer) if said else None

    return draw


def test_what_was_looked_at_is_counted_in_all_and_by_way(draw):
    for way, said in (("nearest", "other"), ("nearest", "mlops"), ("random", "mlops"), ("random", None)):
        draw(way, said)
    found = recalled("other")
    assert (found.found, found.n_found, found.n_waiting) == (clopper_pearson(1, 3), 1, 1)
    assert found.by_way == (("nearest", clopper_pearson(1, 2)), ("random", clopper_pearson(0, 1)))


def test_nothing_known_is_everything_possible(tags):
    found = recalled("other")
    assert (found.found.n, found.found.low, found.found.high, found.by_way, found.n_waiting) == (0, 0.0, 1.0, (), 0)


def test_what_is_taken_back_is_not_counted(draw, cast):
    undo_label(label=draw("nearest", "other"), account=cast.engineer)
    assert (recalled("other").found.n, recalled("other").n_waiting) == (0, 1)


def test_candidates_are_what_nobody_judged_and_does_not_bear_the_tag(make_item, tags):
    source = Source.objects.create(name="s", kind="feed", address="https://example.org/f", trust="probation")
    open_ones = [
        make_item(state="published"),
        make_item(state="in_review"),
        make_item(state="in_review", likely_tag="other"),
    ]
    judged, asked = make_item(state="published"), make_item(state="published")
    make_item(state="published", tag="other")
    make_item(state="admitted")
    make_item(state="in_review", source=source)
    make_item(state="in_review", resembles=judged)
    Label.objects.create(item=judged, tag=tags["mlops"], is_gold=True)
    task = open_task(item=asked, reason="rare_tag")
    RecallDraw.objects.create(tag=tags["other"], item=asked, task=task, way="random", probability=0.5)
    assert list(recall_candidates("other")) == open_ones
    assert asked in recall_candidates("computer-vision")


def test_reports_that_propose_the_tag_and_were_not_decided(make_item, tags):
    reported, otherwise = make_item(state="published"), make_item(state="published")
    Report.objects.create(item=reported, kind="wrong_tag", tag=tags["other"], reporter="a")
    Report.objects.create(item=reported, kind="wrong_tag", tag=tags["other"], reporter="b")
    Report.objects.create(item=otherwise, kind="wrong_tag", tag=tags["computer-vision"], reporter="a")
    assert list(reported_as("other")) == [reported]


def test_the_likeliest_then_the_least_sure(make_item):
    sure, unsure = make_item(state="in_review", confidence=0.9), make_item(state="in_review", confidence=0.3)
    likely = make_item(state="in_review", likely_tag="other", confidence=0.95)
    make_item(state="published")
    assert list(unsure_items("other")) == [likely, unsure, sure]


def test_it_is_a_few_queries_whatever_was_drawn(draw, django_assert_max_num_queries):
    for _ in range(5):
        draw("nearest", "other")
    with django_assert_max_num_queries(7):
        recalled("other")
    with django_assert_max_num_queries(1):
        recalled("computer-vision")
