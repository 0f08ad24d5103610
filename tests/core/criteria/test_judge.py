import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta
from tests.core.criteria.test_grammar import criteria

from winnow.core.criteria.grammar import read_criterion
from winnow.core.criteria.judge import Judgement, Measured, judge

measurements = st.one_of(
    st.none(),
    st.builds(
        Measured,
        value=st.integers(0, 40).map(lambda k: k / 40),
        n=st.sampled_from([0, 40, 400]),
        source=st.just("somewhere"),
        is_current=st.booleans(),
    ),
)


def naive(criterion, measured):
    """The state by a second way: a chain of questions, and bounds by the beta distribution."""
    name = criterion.call.function
    if measured is None:
        return "waiting" if name == "signed" else "not enough evidence"
    if not measured.is_current:
        return "expired"
    if name in ("test", "exists", "signed"):
        return "met" if measured.value == 1 else "failed" if measured.value == 0 else "met"
    if measured.n == 0:
        return "not enough evidence"
    scale = {"%": 0.01, "us": 0.001, "s": 1000, "min": 60000, "/min": 1 / 60}.get(criterion.unit, 1)
    holds = {
        ">": lambda x, y: x > y,
        "<": lambda x, y: x < y,
        ">=": lambda x, y: x >= y,
        "<=": lambda x, y: x <= y,
        "=": lambda x, y: x == y,
    }[criterion.comparison]
    target = float(criterion.number * scale if isinstance(scale, int) else float(criterion.number) * scale)
    if not holds(measured.value, target):
        return "failed"
    k, n, level = round(measured.value * measured.n), measured.n, float(criterion.level)
    low = beta.ppf(1 - level, k, n - k + 1) if k else 0.0
    high = beta.ppf(level, k + 1, n - k) if k < n else 1.0
    end = {"": measured.value, "lower_bound": low, "upper_bound": high}[criterion.bound]
    return "met" if holds(end, target) else "not enough evidence"


@given(criteria(), measurements)
def test_two_judges_agree(criterion, measured):
    if criterion.call.kind.dimension != "fact" and measured and math.isclose(measured.value, float(criterion.target)):
        return  # at the very edge the last bit decides
    assert judge(criterion, measured).state == naive(criterion, measured)


BOUND = "precision(published) >= 0.95 by lower_bound at 0.95"


@pytest.mark.parametrize(
    ("text", "measured", "state", "missing"),
    [
        (BOUND, None, "not enough evidence", 59),
        (BOUND, Measured(1.0, 58, "audits"), "not enough evidence", 1),
        (BOUND, Measured(1.0, 59, "audits"), "met", 0),
        (BOUND, Measured(0.94, 1000, "audits"), "failed", 0),
        (BOUND, Measured(0.95, 40, "audits"), "not enough evidence", 999_960),
        (BOUND, Measured(1.0, 59, "audits", is_current=False), "expired", 0),
        ("latency_p99(classify) < 100 ms", Measured(19.1, 600, "serving"), "met", 0),
        ("lost(labels) = 0", Measured(1, 10_000, "kills"), "failed", 0),
        ("signed(owner)", None, "waiting", 0),
        ("signed(owner)", Measured(1, 1, "signed"), "met", 0),
        ('test("tests/x.py")', Measured(0, 1, "one failed"), "failed", 0),
        ('exists("docs/x.md")', Measured(1, 1, "there"), "met", 0),
        ("violations(axe) <= 0", Measured(0, 0, "no page looked at"), "not enough evidence", 1),
    ],
)
def test_each_state_is_reached(text, measured, state, missing):
    found = judge(read_criterion(text), measured)
    assert isinstance(found, Judgement)
    assert (found.state, found.missing) == (state, missing), found.reason
