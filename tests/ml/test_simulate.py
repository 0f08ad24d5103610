import random

import pytest
from tests.ml.conftest import DATA, PER_TAG, read_examples

from winnow.core.intervals import sample_size
from winnow.core.values import Certificate, Classification
from winnow.ml.job import TrainingJob
from winnow.ml.recipes import load_recipe
from winnow.ml.simulate import (
    ROUNDS,
    SUREST_SHARE,
    Replay,
    Step,
    Total,
    accepted_rows,
    audits_of,
    replay,
    surest_rows,
    total,
)

LABELS = 140


class Reviewers:
    """People who know the tags and count how often they are asked."""

    def __init__(self, tags):
        self.tags, self.asked = tags, []

    def ask(self, id_):
        self.asked.append(id_)
        return self.tags[id_]


@pytest.fixture(scope="module")
def seed_job(examples, tags, encoder):
    return TrainingJob(load_recipe("encoder"), examples, tags, encoder)


@pytest.fixture(scope="module")
def stream(slugs, unseen):
    rows = [row for slug in slugs for row in read_examples(DATA / "gold" / f"{slug}.csv")[PER_TAG : PER_TAG + 100]]
    return {row.id: row for row in rows}


@pytest.fixture(scope="module")
def documents(stream):
    return {id_: row.document for id_, row in stream.items()}


@pytest.fixture(scope="module")
def truth(stream):
    return {id_: row.tag for id_, row in stream.items()}


@pytest.fixture(scope="module")
def people(truth):
    return Reviewers(truth)


@pytest.fixture(scope="module")
def done(seed_job, documents, people):
    return replay(seed_job, documents, people.ask, n_labels=LABELS)


def certificate(threshold):
    return Certificate(target=0.9, delta=0.1, threshold=threshold, n=40, k=0, bound=0.93, coverage=1.0)


def answer(confidence, tag="a"):
    return Classification(tag, confidence, {"a": confidence, "b": 1 - confidence})


def test_every_label_is_asked_once_and_counted(done, people):
    assert len(people.asked) == len(set(people.asked)) == done.labels_used == LABELS
    assert done.steps[-1].labels_used == LABELS


def test_what_was_asked_is_not_published(done, people, documents):
    assert not set(people.asked) & set(done.published)
    assert set(done.published) <= set(documents)


def test_the_steps_are_told_in_order(done):
    assert [step.name for step in done.steps] == ["learn"] * ROUNDS + ["audit", "certify"]
    used = [step.labels_used for step in done.steps]
    assert used == sorted(used)


def test_what_is_certified_holds(done, truth):
    found = total(done, truth)
    assert done.certificate.threshold is not None
    assert done.steps[-1].words.endswith(f"{found.published} published")
    assert found.published_precision >= 0.9
    assert found.coverage == found.published / (len(truth) - LABELS)
    assert (found.labels_used, found.alarms) == (LABELS, 0)


def test_tags_that_were_never_asked_change_nothing(done, people, seed_job, documents, truth):
    asked = set(people.asked)
    others = [id_ for id_ in truth if id_ not in asked]
    shuffled = random.Random(1).sample([truth[id_] for id_ in others], len(others))
    permuted = truth | dict(zip(others, shuffled, strict=True))
    assert permuted != truth
    assert replay(seed_job, documents, permuted.__getitem__, n_labels=LABELS) == done


def test_the_seed_draws_the_audits_and_nothing_else(done, people, seed_job, documents, truth):
    again = Reviewers(truth)
    other = replay(seed_job, documents, again.ask, n_labels=LABELS, seed=1)
    n_learned = other.steps[-3].labels_used
    assert again.asked[:n_learned] == people.asked[:n_learned]
    assert again.asked != people.asked
    assert other.steps[:-2] == done.steps[:-2]


def test_where_tags_are_noise_nothing_is_published(seed_job, documents, truth, slugs):
    generator = random.Random(3)
    noise = {id_: generator.choice(slugs) if generator.random() < 0.4 else tag for id_, tag in truth.items()}
    found = replay(seed_job, documents, noise.__getitem__, n_labels=LABELS)
    assert found.published == {}
    assert found.certificate.threshold is None
    assert (
        found.steps[-1].words
        == f"nothing is certified; {found.certificate.missing} labels more are needed at the least"
    )
    assert total(found, noise) == Total(0, None, 0.0, LABELS, found.alarms)


def test_a_stream_shorter_than_the_budget_is_asked_whole(seed_job, documents, truth):
    few = dict(list(documents.items())[:30])
    found = replay(seed_job, few, truth.__getitem__, n_labels=200)
    assert found.labels_used <= 30
    assert found.published == {}


def test_no_label_and_no_stream_publish_nothing(seed_job, documents, truth):
    for stream_ in (documents, {}):
        found = replay(seed_job, stream_, truth.__getitem__, n_labels=0)
        assert (found.published, found.labels_used) == ({}, 0)


@pytest.mark.parametrize(("n_labels", "audits"), [(0, 0), (30, 30), (60, 52), (100, 52), (200, 80), (300, 120)])
def test_audits_are_a_share_of_the_labels_but_enough_to_certify(n_labels, audits):
    assert sample_size(2, 0.9, 0.1) == 52
    assert audits_of(n_labels, 0.9, 0.1) == audits


def test_the_surest_rows_are_a_share_and_equals_stay_together():
    answers = [answer(0.99 - row / 1_000) for row in range(100)]
    assert surest_rows(answers, range(100)) == list(range(round(SUREST_SHARE * 100)))
    assert surest_rows([answer(0.9)] * 10, [2, 5, 7]) == [2, 5, 7]
    assert surest_rows(answers, []) == []


def test_a_threshold_accepts_from_itself_on_and_none_accepts_nothing():
    answers = [answer(0.9), answer(0.8), answer(0.7), Classification(None, 0.0, {"a": 0.5, "b": 0.5})]
    assert accepted_rows(answers, range(4), certificate(0.8)) == {0, 1}
    assert accepted_rows(answers, [1, 2], certificate(0.8)) == {1}
    assert accepted_rows(answers, range(4), certificate(None)) == set()


def test_the_total_counts_what_was_published_by_itself():
    made = Replay((Step("audit", "", 2),), certificate(0.8), {"x": "a", "y": "b"}, 2, 1)
    assert total(made, {"x": "a", "y": "a", "z": "b", "u": "a", "v": "a"}) == Total(2, 0.5, 2 / 3, 2, 1)
