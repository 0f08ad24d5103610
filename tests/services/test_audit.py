"""Audits: drawn blind and at random, read back as outcomes."""

import pytest

from winnow.core.policy import Policy
from winnow.models import Audit, Prediction, ReviewTask
from winnow.services.audit import AUDITED, draw_audits, live_precision
from winnow.services.train import train_model


def test_audits_are_of_the_surest_share_and_store_their_probability(stream):
    tasks = draw_audits(20)
    audits = Audit.objects.all()
    pool = Prediction.objects.filter(confidence__gte=audits[0].floor)
    assert len(tasks) == audits.count() == 20
    assert pool.count() == round(0.85 * len(stream))
    assert {audit.probability for audit in audits} == {20 / pool.count()}
    assert {task.reason for task in tasks} == {"audit"}
    assert min(task.priority for task in tasks) == AUDITED
    for audit in audits:
        answer = Prediction.objects.get(item=audit.item)
        assert (audit.tag, audit.confidence) == (answer.tag, answer.confidence)
        assert audit.confidence >= audit.floor


@pytest.mark.usefixtures("stream")
def test_the_seed_draws_and_a_second_draw_goes_on_in_the_same_pool():
    first = {task.item_id for task in draw_audits(10, seed=1)}
    second = {task.item_id for task in draw_audits(10, seed=1)}
    assert not first & second
    assert len({audit.floor for audit in Audit.objects.all()}) == 1
    assert draw_audits(1000)
    assert Audit.objects.count() == 68
    assert draw_audits(1000) == []


def test_what_people_labelled_is_not_drawn_nor_its_near_copies(stream, people):
    people(ReviewTask.objects.filter(reason="low_confidence")[:30])
    labelled = {item.pk for item in stream if item.labels.exists()}
    assert not {task.item_id for task in draw_audits(1000)} & labelled


@pytest.mark.usefixtures("stream")
def test_audits_of_a_model_that_no_longer_serves_are_closed(champion, labelled, tags, let_serve):
    from winnow.services.deploy import version_of

    old = draw_audits(5)
    let_serve(version_of(train_model("dummy", data=[labelled]).model), role="champion", reason="for tests")
    draw_audits(5)
    assert ReviewTask.objects.filter(pk__in=[task.pk for task in old], closed_at=None).count() == 0


def test_without_a_model_nothing_is_drawn(stream, undeploy):
    undeploy()
    assert draw_audits(5) == []


@pytest.mark.usefixtures("stream")
def test_live_precision_counts_what_the_policy_lets_through(champion, people):
    tasks = draw_audits(20)
    people(tasks, wrong={3, 7})
    live = live_precision(champion, Policy(0.0), target=0.9)
    assert (live.precision.n, live.precision.value, live.alarmed_at) == (20, pytest.approx(0.9), None)
    assert live_precision(champion, Policy(None), target=0.9).precision.n == 0
    surest = max(audit.confidence for audit in Audit.objects.all())
    assert live_precision(champion, Policy(surest), target=0.9).precision.n >= 1


@pytest.mark.usefixtures("stream")
def test_many_errors_raise_the_alarm(champion, people):
    people(draw_audits(30), wrong=range(30))
    assert live_precision(champion, Policy(0.0), target=0.9).alarmed_at is not None
