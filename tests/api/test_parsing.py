"""JSON, and nothing that only looks like it."""

import json
import resource

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


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"items": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", 400),
        (b'{"items": [], "items": []}', 400),
        (b'{"items": [' + b"1," * 100_000 + b"1]}", 422),
        (b"{" + b",".join(b'"k%d": 1' % n for n in range(100_000)) + b"}", 400),
    ],
)
def test_a13_a_body_that_only_harms_is_refused_in_little_memory(api, body, status):
    sender = api.as_token("classify")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(3):
        assert sender.post("/classify", body).status_code == status
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


@pytest.mark.parametrize("body", [r'{"a": "\ud800"}', r'{"\udfff": 1}', r'[["\udc00\ud800"]]'])
def test_a13_half_a_character_is_refused(parse, body):
    with pytest.raises(ValueError, match="surrogates"):
        parse(body.encode())


def test_a_character_in_two_escapes_is_whole(parse):
    assert parse(rb'"\ud83d\ude00"') == "\U0001f600"


def test_a13_half_a_character_is_a_problem_and_no_fault_of_ours(api):
    for body in (rb'{"url": "https://example.org/\ud800", "title": "x"}', rb'{"\ud800": 1}'):
        assert api.as_token("submit").post("/items", body).status_code == 400
