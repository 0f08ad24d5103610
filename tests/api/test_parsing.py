"""JSON, and nothing that only looks like it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.api.parsing import StrictParser

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@pytest.fixture(scope="module")
def parse():
    from django.test import RequestFactory

    def parse(body):
        return StrictParser().parse_body(RequestFactory().post("/", body, "application/json"))

    return parse


@given(value=JSON)
def test_whatever_is_json_comes_through_unchanged(parse, value):
    assert parse(json.dumps(value).encode()) == value


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("shape", ["{}", "[{}]", '{{"a": {}}}', '{{"a": [1, {{"b": {}}}]}}'])
def test_constants_that_json_lacks_are_refused_at_any_depth(parse, constant, shape):
    with pytest.raises(ValueError, match="is no JSON number"):
        parse(shape.format(constant).encode())


@pytest.mark.parametrize("body", ['{"a": 1, "a": 1}', '[{"a": {"b": 1, "b": 2}}]', '{"a": 1, "\\u0061": 2}'])
def test_a_key_that_stands_twice_is_refused_at_any_depth(parse, body):
    with pytest.raises(ValueError, match="the same key stands twice"):
        parse(body.encode())


def test_equal_keys_of_different_objects_are_fine(parse):
    assert parse(b'[{"a": 1}, {"a": {"a": 2}}]') == [{"a": 1}, {"a": {"a": 2}}]


@pytest.mark.parametrize("body", [b"", b" ", b"{", b"{'a': 1}", b"\xff\xfe", b"[1,]", b"01", b'"\t"', b"{} {}"])
def test_what_is_no_json_is_a_value_error(parse, body):
    with pytest.raises(ValueError, match=r"."):
        parse(body)


def test_nesting_that_would_exhaust_the_stack_is_an_error_and_no_crash(parse):
    with pytest.raises(RecursionError):
        parse(b"[" * 100_000 + b"]" * 100_000)
