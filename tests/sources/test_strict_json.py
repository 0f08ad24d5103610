import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.sources.strict_json import DECODER, AmbiguousJSONError

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(values)
def test_json_is_read_back(value):
    assert DECODER.decode(json.dumps(value)) == value


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_x15_numbers_that_are_none_are_refused(text):
    with pytest.raises(AmbiguousJSONError, match="is no number in JSON"):
        DECODER.decode(text)


@pytest.mark.parametrize("text", ['{"a": 1, "a": 1}', '[{"b": {"a": 1, "c": 2, "a": 3}}]'])
def test_x15_a_key_that_stands_twice_is_refused_by_name(text):
    with pytest.raises(AmbiguousJSONError, match="the key 'a' stands twice in one object"):
        DECODER.decode(text)


def test_control_characters_in_strings_are_let_through():
    assert DECODER.decode('{"a": "x\x00y\tz"}') == {"a": "x\x00y\tz"}
