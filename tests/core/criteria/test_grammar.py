from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.criteria.functions import FUNCTIONS, ROLES, UNITS
from winnow.core.criteria.grammar import Call, Criterion, CriterionError, read_call, read_criterion

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,12}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8", exclude_characters='"\n', categories=["L", "N", "P", "Zs"]), min_size=1)
numbers = st.decimals(0, 10**6, places=3)


@st.composite
def criteria(draw):
    """Any promise of the grammar."""
    function = draw(st.sampled_from(list(FUNCTIONS)))
    kind = FUNCTIONS[function]
    given_names = st.sampled_from(ROLES) if function == "signed" else names
    words = {"name": given_names, "text": texts.map(str.strip).filter(bool).filter(lambda text: len(text) < 60)}
    tag = draw(st.one_of(st.just(""), names)) if kind.has_tag else ""
    call = Call(function, tuple(draw(words[take]) for take in kind.takes), tag)
    if kind.dimension == "fact":
        return Criterion(call)
    comparison = draw(st.sampled_from([">=", "<=", ">", "<", "="]))
    unit = draw(st.sampled_from(list(UNITS[kind.dimension])))
    criterion = Criterion(call, comparison, draw(numbers), unit)
    if kind.dimension != "share" or comparison == "=" or not draw(st.booleans()):
        return criterion
    end = "lower_bound" if comparison.startswith(">") else "upper_bound"
    level = draw(st.decimals("0.5", "0.99", places=2))
    return Criterion(call, comparison, criterion.number, unit, end, level)


@given(criteria())
def test_a_printed_promise_reads_as_the_same(criterion):
    assert read_criterion(str(criterion)) == criterion
    assert read_call(str(criterion.call)) == criterion.call


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_column(text):
    column = 1
    try:
        read_criterion(text)
    except CriterionError as error:
        column = error.column
    assert 1 <= column <= len(text) + 1


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("precison(published) >= 0.9", 1, "did you mean `precision`?"),
        ("precision(published) >= 0.9 ms", 29, "no unit of `precision`"),
        ("latency_p99(classify) < 100", 28, "the unit is missing: us or ms or s or min"),
        ("latency_p99(classify) < 100 %", 29, "no unit"),
        ("precision(published)", 21, "needs a comparison"),
        ("precision published", 11, "`(` must follow"),
        ("precision(published >= 0.9", 21, "`)` is missing"),
        ("precision(published, tga=mlops) >= 0.9", 22, "did you mean `tag`?"),
        ("coverage(tests, tag=x) >= 0.9", 17, "knows no `tag`"),
        ("precision(published) >= 0.9 by lowerbound", 32, "did you mean `lower_bound`?"),
        ("precision(published) >= 0.9 by upper_bound", 32, "at least goes with lower_bound"),
        ("precision(published) >= 0.9 by lower_bound at 2", 47, "between 0.5"),
        ("lost(labels) = 0 by lower_bound", 18, "only shares"),
        ("signed(ownr)", 8, "did you mean `owner`?"),
        ("exists(docs)", 8, "text in quotes"),
        ('exists("")', 8, "empty"),
        ('test("a") >= 1', 11, "too much"),
        ('benchmark("a") = 1', 14, "takes 2 arguments"),
        ("precision(published) >= x", 25, "a number is missing"),
        ("precision(published) ! 1", 22, "no meaning"),
        ("", 1, "begins with a function"),
    ],
)
def test_what_is_wrong_is_said_with_its_column(text, column, words):
    with pytest.raises(CriterionError, match=r".") as caught:
        read_criterion(text)
    assert (caught.value.column, words in str(caught.value)) == (column, True), str(caught.value)


def test_units_are_brought_to_one():
    assert read_criterion("latency_p50(x) < 1.5 s").target == Decimal(1500)
    assert read_criterion("precision(x) >= 95%").target == Decimal("0.95")
