from dataclasses import replace

import numpy as np
import pytest
from cleanlab.count import compute_confident_joint, num_label_issues
from cleanlab.rank import order_label_issues

from winnow.core.values import Document, Example
from winnow.ml.label_errors import Suspect, confident_joint, expected_errors, find_label_errors, suspects

CLASSES = ("a", "b", "c")


def examples_of(tags):
    return [Example(Document(f"title {row}"), tag, id=str(row)) for row, tag in enumerate(tags)]


def noisy_answers(n, seed):
    """Given classes of which a tenth is wrong, and the probabilities of a good model."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(3, size=n)
    scores = generator.normal(size=(n, 3))
    scores[np.arange(n), truth] += 3.0
    given = np.where(generator.random(n) < 0.1, (truth + 1) % 3, truth)
    powers = np.exp(scores)
    return given, truth, powers / powers.sum(axis=1, keepdims=True)


def plant(examples, tags, share, seed):
    """The examples with a share of wrong tags, and the ids of those."""
    generator = np.random.default_rng(seed)
    rows = set(generator.choice(len(examples), round(share * len(examples)), replace=False).tolist())
    return [
        replace(example, tag=str(generator.choice([tag for tag in tags if tag != example.tag])))
        if row in rows
        else example
        for row, example in enumerate(examples)
    ], {examples[row].id for row in rows}


def test_suspects_are_those_with_a_likelier_tag_worst_first():
    probabilities = np.array([[0.8, 0.1, 0.1], [0.3, 0.6, 0.1], [0.01, 0.09, 0.9], [0.2, 0.2, 0.6]])
    assert suspects(examples_of("aaac"), probabilities, CLASSES) == (
        Suspect("2", "a", "c", pytest.approx(0.9 / 0.91)),
        Suspect("1", "a", "b", pytest.approx(0.6 / 0.9)),
    )


def test_the_ratio_ranks_where_the_difference_would_not():
    # Both lead by .4; that the first bears its tag is five times less likely, that the second does one third.
    probabilities = np.array([[0.2, 0.6, 0.2], [0.1, 0.5, 0.4]])
    assert [one.id for one in suspects(examples_of("aa"), probabilities, CLASSES)] == ["1", "0"]


def test_equals_stay_in_order_and_ties_with_the_own_tag_are_no_suspects():
    probabilities = np.array([[0.5, 0.5, 0.0], [0.2, 0.4, 0.4], [0.2, 0.4, 0.4]])
    found = suspects(examples_of("aaa"), probabilities, CLASSES)
    assert [(one.id, one.suspected_tag) for one in found] == [("1", "b"), ("2", "b")]


def test_an_impossible_own_tag_is_the_worst_and_still_a_number():
    (found,) = suspects(examples_of("a"), np.array([[0.0, 1.0, 0.0]]), CLASSES)
    assert found.score == pytest.approx(1.0)


def test_inputs_stay_as_they_were():
    given, _, probabilities = noisy_answers(50, 1)
    kept = probabilities.copy()
    suspects(examples_of([CLASSES[c] for c in given]), probabilities, CLASSES)
    assert np.array_equal(probabilities, kept)


def test_no_examples_no_suspects():
    assert suspects([], np.empty((0, 3)), CLASSES) == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_joint_and_the_count_are_those_of_cleanlab(seed):
    given, _, probabilities = noisy_answers(400, seed)
    examples = examples_of([CLASSES[c] for c in given])
    theirs = compute_confident_joint(given, probabilities, calibrate=False)
    assert np.array_equal(confident_joint(given, probabilities), theirs)
    expected = num_label_issues(given, probabilities, estimation_method="off_diagonal_calibrated")
    assert expected_errors(examples, probabilities, CLASSES) == pytest.approx(expected, abs=2.0)


def test_a_class_that_no_example_bears_is_nobodys():
    probabilities = np.array([[0.6, 0.1, 0.3], [0.1, 0.6, 0.3], [0.0, 0.0, 1.0]])
    assert confident_joint(np.array([0, 1, 0]), probabilities)[:, 2].tolist() == [0, 0, 0]
    assert expected_errors(examples_of("aba"), probabilities, CLASSES) == 0.0


def test_as_many_planted_errors_are_among_the_top_as_by_cleanlabs_ranking():
    given, truth, probabilities = noisy_answers(1_000, 7)
    wrong = set(np.flatnonzero(given != truth).tolist())
    found = suspects(examples_of([CLASSES[c] for c in given]), probabilities, CLASSES)
    ours = {int(one.id) for one in found[: len(wrong)]}
    mask = np.ones(len(given), dtype=bool)
    theirs = order_label_issues(mask, given, probabilities, rank_by="normalized_margin")[: len(wrong)]
    assert len(ours & wrong) >= len(wrong & set(theirs.tolist()))
    assert all(one.tag == CLASSES[given[int(one.id)]] for one in found)


def test_planted_errors_of_starter_works_are_found(job, examples, slugs):
    planted, wrong = plant(examples, slugs, 0.08, seed=11)
    found = find_label_errors(replace(job, examples=planted))
    top = found[: len(wrong)]
    assert len({one.id for one in top} & wrong) / len(wrong) >= 0.5
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    truth = {example.id: example.tag for example in examples}
    right = [one.suspected_tag == truth[one.id] for one in top if one.id in wrong]
    assert sum(right) / len(right) >= 0.7


def test_nothing_is_mended(job, examples):
    kept = list(examples)
    find_label_errors(replace(job, examples=examples))
    assert examples == kept
