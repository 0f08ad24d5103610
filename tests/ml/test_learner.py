from dataclasses import replace

import numpy as np
import pytest

from winnow.core.text import document
from winnow.ml.job import TrainingJob
from winnow.ml.learner import Learner
from winnow.ml.recipes import load_recipe


@pytest.fixture(scope="module")
def seed_job(examples, tags, encoder):
    return TrainingJob(load_recipe("encoder"), examples, tags, encoder)


@pytest.fixture(scope="module")
def stream(unseen):
    return [example.document for example in unseen]


def lead(answer):
    first, second = sorted(answer.probabilities.values(), reverse=True)[:2]
    return first - second


def test_the_nearest_rows_are_those_least_ahead_in_their_order(seed_job, stream):
    learner = Learner(seed_job, stream)
    leads = [lead(answer) for answer in learner.quick_answers()]
    assert learner.nearest_rows(10) == sorted(range(len(stream)), key=lambda row: leads[row])[:10]


def test_what_was_learned_is_no_longer_asked_about(seed_job, stream, unseen):
    learner = Learner(seed_job, stream)
    first = learner.nearest_rows(8)
    learner.learn({row: unseen[row].tag for row in first})
    assert not set(first) & set(learner.nearest_rows(len(stream)))
    assert learner.free_rows() == [row for row in range(len(stream)) if row not in first]


def test_near_identical_rows_are_asked_about_once_and_then_never_audited(seed_job, stream):
    title = stream[0].title + " and much more beside it"
    learner = Learner(seed_job, [*stream, document(title), document(title.upper())])
    twins = {len(stream), len(stream) + 1}
    assert len(twins & set(learner.nearest_rows(len(stream) + 2))) == 1
    learner.learn({len(stream): "mlops"})
    assert not twins & set(learner.free_rows())


def test_labels_change_the_answers_towards_themselves(seed_job, stream, slugs):
    learner = Learner(seed_job, stream)
    before = learner.quick_answers()
    row = learner.nearest_rows(1)[0]
    tag = next(tag for tag in slugs if tag != before[row].tag)
    learner.learn({row: tag})
    assert learner.quick_answers()[row].probabilities[tag] > before[row].probabilities[tag]


def test_calibrated_answers_are_the_quick_ones_at_another_temperature(seed_job, stream):
    learner = Learner(seed_job, stream)
    assert [one.tag for one in learner.answers()] == [one.tag for one in learner.quick_answers()]


def test_vectors_that_are_known_are_not_made_again(seed_job, stream, encoder):
    vectors = encoder.of(stream)
    known = replace(seed_job, vectors=encoder.of([example.document for example in seed_job.examples]))
    assert Learner(known, stream, vectors).quick_answers() == Learner(seed_job, stream).quick_answers()
    turned = Learner(known, stream, np.ascontiguousarray(vectors[::-1])).quick_answers()
    assert turned != Learner(seed_job, stream).quick_answers()


def test_a_recipe_without_vectors_learns_as_well(examples, tags, stream, unseen):
    learner = Learner(TrainingJob(load_recipe("linear"), examples, tags), stream)
    rows = learner.nearest_rows(4)
    learner.learn({row: unseen[row].tag for row in rows})
    assert [answer.tag for row, answer in enumerate(learner.quick_answers()) if row in rows] == [
        unseen[row].tag for row in sorted(rows)
    ]
