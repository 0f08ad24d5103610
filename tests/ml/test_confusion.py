import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from winnow.ml.confusion import as_numbers, confusion, intervals, overall, per_class

CLASSES = ("a", "b", "c")
ROWS = st.lists(st.tuples(st.sampled_from(CLASSES), st.sampled_from([*CLASSES, None])), min_size=1, max_size=60)


@given(ROWS)
def test_figures_are_those_of_scikit_learn(rows):
    truth, said = [t for t, _ in rows], [s for _, s in rows]
    named = [s or "" for s in said]
    counts = confusion(truth, said, CLASSES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = precision_recall_fscore_support(truth, named, labels=list(CLASSES), zero_division=0)
        average = precision_recall_fscore_support(
            truth, named, labels=list(CLASSES), average="weighted", zero_division=0
        )
    for name, expected in zip(("precision", "recall", "f1", "n"), theirs, strict=True):
        assert per_class(counts)[name] == pytest.approx(expected)
    figures = overall(counts)
    assert [figures["precision"], figures["recall"], figures["f1"]] == pytest.approx(average[:3])
    assert figures["accuracy"] == pytest.approx(accuracy_score(truth, named))


def test_counts_have_a_place_for_none_of_the_classes():
    counts = confusion(["a", "a", "z", "z"], ["a", None, "a", None], CLASSES)
    assert counts.tolist() == [[1, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 1]]
    assert as_numbers(overall(counts)) == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "accuracy": 0.25}


def test_an_abstention_is_in_no_precision_and_lowers_recall():
    with_it = per_class(confusion(["a", "a"], ["a", None], CLASSES))
    assert (with_it["precision"][0], with_it["recall"][0]) == (1.0, 0.5)


def test_nothing_counted_is_nothing():
    empty = confusion([], [], CLASSES)
    assert as_numbers(overall(empty)) == dict.fromkeys(("precision", "recall", "f1", "accuracy"), 0.0)
    assert {(one.low, one.high, one.n) for one in intervals(empty, CLASSES).values()} == {(0.0, 1.0, 0)}


def test_figures_of_many_tables_at_once_are_those_of_each():
    tables = np.random.default_rng(0).integers(0, 9, size=(5, 4, 4))
    together = overall(tables)
    for number, table in enumerate(tables):
        assert overall(table)["f1"] == pytest.approx(together["f1"][number])


def test_intervals_hold_the_value_and_shrink_with_n():
    small = confusion(list("aabbc") * 4, list("aabcc") * 4, CLASSES)
    large = small * 100
    narrow, wide = intervals(large, CLASSES), intervals(small, CLASSES)
    assert set(wide) == {"precision", "recall", "f1", "accuracy", "precision of a", "precision of b", "precision of c"}
    for name, interval in wide.items():
        assert interval.low <= interval.value <= interval.high
        assert narrow[name].high - narrow[name].low <= interval.high - interval.low
    assert wide["precision of c"].n == 8
    assert intervals(small, CLASSES) == wide


def test_bootstrap_interval_covers_the_truth_about_as_often_as_it_says():
    random = np.random.default_rng(5)
    cells = np.array([0.45, 0.05, 0, 0.0, 0.1, 0.4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    truth = overall(np.round(cells * 1_000_000).astype(int).reshape(4, 4))["precision"]
    covered = 0
    for _ in range(60):
        found = intervals(random.multinomial(150, cells).reshape(4, 4), CLASSES)["precision"]
        covered += found.low <= truth <= found.high
    assert covered >= 51
