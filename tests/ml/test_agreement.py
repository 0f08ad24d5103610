"""Agreement, against worked examples of its sources and against another way to count."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from winnow.core.values import Interval
from winnow.ml.agreement import ac1, against_rest, alpha, certainties, counts_of, with_interval

TAGS = tuple("12345")
WORKS = st.lists(st.dictionaries(st.sampled_from("xyz"), st.sampled_from(TAGS[:3]), max_size=3), min_size=1, max_size=9)
# Four observers, twelve units: example C of Krippendorff 2011, of whom a dot says that nothing was said.
OBSERVERS = ("12332141 2...", "12332241 25.3", ".33323422 51.", "12332441 251.")


def table(*observers):
    """One mapping a work of rows of answers, one a person."""
    rows = [row.replace(" ", "") for row in observers]
    return [{str(p): row[n] for p, row in enumerate(rows) if row[n] != "."} for n in range(len(rows[0]))]


KRIPPENDORFF = counts_of(table(*OBSERVERS), TAGS)


def alpha_by_pairs(works):
    """One minus observed over expected disagreement, every pair of answers looked at."""
    said = [list(work.values()) for work in works if len(work) > 1]
    pooled = [value for values in said for value in values]
    differ = [sum(a != b for a, b in combinations(v, 2)) * 2 / (len(v) - 1) for v in said]
    expected = sum(a != b for a, b in combinations(pooled, 2)) * 2 / (len(pooled) - 1)
    return 1 - sum(differ) / expected


def test_the_published_example_has_its_published_figures():
    assert alpha(KRIPPENDORFF) == pytest.approx(0.743, abs=0.0005)
    assert ac1(KRIPPENDORFF) == pytest.approx(0.775, abs=0.0005)


@given(WORKS)
def test_alpha_is_the_same_as_by_looking_at_every_pair(works):
    values = {value for work in works if len(work) > 1 for value in work.values()}
    assume(len(values) > 1)
    assert alpha(counts_of(works, TAGS)) == pytest.approx(alpha_by_pairs(works))


@given(WORKS)
def test_full_agreement_is_one_and_measures_never_exceed_it(works):
    counts = counts_of(works, TAGS)
    assert alpha(counts) <= 1.0 + 1e-12
    assert ac1(counts) <= 1.0 + 1e-12
    same = counts_of([dict.fromkeys("xy", TAGS[n % 3]) for n in range(len(works))], TAGS)
    assert (alpha(same), ac1(same)) == (pytest.approx(1.0), pytest.approx(1.0))


def test_with_one_common_tag_alpha_falls_and_ac1_does_not():
    """The paradox that AC1 is for: almost all answers are one tag, and almost all agree."""
    works = [{"x": "1", "y": "1"}] * 96 + [{"x": "1", "y": "2"}, {"x": "2", "y": "1"}] * 2
    counts = counts_of(works, TAGS[:2])
    assert alpha(counts) < 0.0
    assert ac1(counts) > 0.9


def test_nothing_said_twice_is_no_agreement_measured():
    counts = counts_of([{"x": "1"}, {}], TAGS)
    assert with_interval(alpha, counts) == with_interval(ac1, counts) == Interval(0.0, -1.0, 1.0, 0)
    assert (alpha(counts), ac1(counts)) == (1.0, 1.0)


def test_an_interval_holds_what_is_true():
    """Two people who each slip in one of five answers: the interval covers their long-run agreement most of the time."""
    random = np.random.default_rng(1)

    def works(n):
        truth = random.integers(3, size=n)
        slips = random.random((2, n)) < 0.2
        said = np.where(slips, random.integers(3, size=(2, n)), truth)
        return counts_of([{"x": TAGS[a], "y": TAGS[b]} for a, b in said.T], TAGS[:3])

    long_run = ac1(works(100_000))
    held = [
        interval.low <= long_run <= interval.high for interval in (with_interval(ac1, works(80)) for _ in range(40))
    ]
    assert sum(held) >= 34


def test_one_tag_against_the_rest_keeps_how_many_spoke():
    one = against_rest(KRIPPENDORFF, 0)
    assert (one.sum(axis=1) == KRIPPENDORFF.sum(axis=1)).all()
    assert (one[:, 0] == KRIPPENDORFF[:, 0]).all()


def test_whoever_agrees_with_the_others_weighs_more():
    """Of three works on which a careful and a careless person differ, none is as sure as one that the careful share."""
    careful = [{"a": TAGS[n % 3], "b": TAGS[n % 3], "wild": TAGS[(n * n + 1) % 3]} for n in range(60)]
    torn = [{"a": "1", "wild": "2"}, {"a": "1", "b": "2"}]
    *_, with_wild, with_careful = certainties([*careful, *torn], TAGS[:3])
    assert with_careful < with_wild


def test_certainty_is_a_probability_and_nobody_is_needed():
    assert certainties([], TAGS) == []
    found = certainties([{}, {"x": "1"}, {"x": "1", "y": "1", "z": "1"}], TAGS)
    assert all(0.0 < value <= 1.0 for value in found)
    assert found[0] <= found[1] <= found[2]
