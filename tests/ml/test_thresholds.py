import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.intervals import binomial_cdf, precision_lower_bound, sample_size
from winnow.core.values import Classification, Document, Example
from winnow.ml.thresholds import certify, certify_answers, certify_per_tag, is_contradicted

TARGET, DELTA = 0.9, 0.1
ROWS = st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99]), st.booleans()), max_size=120)


def falling(n):
    return np.linspace(0.99, 0.4, n).tolist()


def test_no_error_certifies_everything():
    found = certify(falling(100), [True] * 100, target=TARGET, delta=DELTA)
    assert (found.threshold, found.n, found.k, found.coverage, found.missing) == (pytest.approx(0.4), 100, 0, 1.0, 0)
    assert found.bound == precision_lower_bound(0, 100, DELTA) > TARGET


def test_one_error_at_the_very_top_does_not_end_the_walk():
    found = certify(falling(100), [False] + [True] * 99, target=TARGET, delta=DELTA)
    assert (found.n, found.k) == (100, 1)


def test_the_walk_stops_where_the_proof_fails_and_does_not_resume():
    right = [True] * 50 + [False] * 10 + [True] * 400
    found = certify(falling(460), right, target=TARGET, delta=DELTA)
    assert (found.n, found.k) == (52, 2)
    assert found.coverage == pytest.approx(52 / 460)


@pytest.mark.parametrize(
    ("n", "wrong", "missing"), [(0, 0, 38), (10, 0, 28), (37, 0, 1), (37, 1, 1), (38, 2, 14), (38, 3, 27)]
)
def test_missing_says_how_many_labels_are_needed_at_the_least(n, wrong, missing):
    found = certify(falling(n), [False] * wrong + [True] * (n - wrong), target=TARGET, delta=DELTA)
    assert (found.threshold, found.coverage, found.missing) == (None, 0.0, missing)
    more = certify(falling(n + missing), [False] * wrong + [True] * (n - wrong + missing), target=TARGET, delta=DELTA)
    assert binomial_cdf(wrong, n + missing, 1 - TARGET) <= DELTA
    assert more.threshold is not None or wrong > 1


def test_equal_confidences_are_passed_together():
    confidences = [0.9] * 40 + [0.8] * 30
    right = [True] * 40 + [False] * 10 + [True] * 20
    found = certify(confidences, right, target=TARGET, delta=DELTA)
    assert (found.threshold, found.n) == (0.9, 40)
    assert certify([0.9] * 60, [True] * 30 + [False] * 30, target=TARGET, delta=DELTA).threshold is None


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    mixed = random.sample(rows, len(rows))
    one, other = (certify([c for c, _ in r], [x for _, x in r], target=TARGET, delta=DELTA) for r in (rows, mixed))
    assert one == other


@given(ROWS)
def test_a_threshold_keeps_its_own_promise(rows):
    found = certify([c for c, _ in rows], [x for _, x in rows], target=TARGET, delta=DELTA)
    if found.threshold is None:
        assert found.missing > 0
        return
    kept = [is_right for confidence, is_right in rows if confidence >= found.threshold]
    assert (found.n, found.k) == (len(kept), kept.count(False))
    assert binomial_cdf(found.k, found.n, 1 - TARGET) <= DELTA
    assert found.bound >= TARGET


def test_five_hundred_simulations_break_the_promise_in_at_most_delta():
    """Precision falls through the target inside the range, so that the walk has every chance to go too far."""
    random = np.random.default_rng(20)
    broken = found = 0
    for _ in range(500):
        confidences = random.uniform(size=300)
        truth = 0.8 + 0.19 * confidences
        certificate = certify(
            confidences.tolist(), (random.uniform(size=300) < truth).tolist(), target=TARGET, delta=DELTA
        )
        if certificate.threshold is not None:
            found += 1
            # Precision above t is the mean of the truth over [t, 1].
            broken += 0.8 + 0.19 * (1 + certificate.threshold) / 2 < TARGET
    assert broken <= 65
    assert found >= 150


def answers_of(tags, confidences):
    return [Classification(tag, confidence, {}) for tag, confidence in zip(tags, confidences, strict=True)]


def test_per_tag_shares_delta_and_counts_only_rows_answered_with_the_tag():
    said = ["a"] * 100 + ["b"] * 100
    examples = [Example(Document(""), "a")] * 200
    found = certify_per_tag(answers_of(said, falling(200)), examples, ("a", "b", "c"), target=TARGET, delta=DELTA)
    assert list(found) == ["a", "b", "c"]
    assert (found["a"].n, found["a"].coverage, found["a"].delta) == (100, 1.0, pytest.approx(DELTA / 3))
    assert found["b"].threshold is None
    assert (found["c"].n, found["c"].missing) == (0, sample_size(1, TARGET, DELTA / 3))


def test_an_abstention_is_not_right():
    examples = [Example(Document(""), "a")] * 60
    found = certify_answers(
        answers_of(["a"] * 40 + [None] * 20, [0.9] * 40 + [0.0] * 20), examples, target=TARGET, delta=DELTA
    )
    assert (found.n, found.threshold, found.coverage) == (40, 0.9, pytest.approx(2 / 3))


@pytest.mark.parametrize(
    ("wrong", "n", "is_so"), [(0, 0, False), (0, 50, False), (2, 10, False), (3, 10, True), (9, 50, True)]
)
def test_a_precision_is_contradicted_by_too_many_errors_and_never_by_none(wrong, n, is_so):
    assert is_contradicted(wrong, n, target=0.9, delta=0.1) is is_so


def test_the_walk_looks_where_a_further_error_is_allowed_and_at_the_end():
    # Of target .90 at .10 the first 38 rows may hold one error, 52 two, 65 three: an error too many between is no end.
    confidences = [1.0 - n / 100 for n in range(60)]
    wrong = {3, 40}
    certificate = certify(confidences, [n not in wrong for n in range(60)], target=0.9, delta=0.1)
    assert (certificate.n, certificate.k) == (60, 2)
    late = certify(confidences, [n not in {3, 40, 45} for n in range(60)], target=0.9, delta=0.1)
    assert (late.n, late.k) == (38, 1)
