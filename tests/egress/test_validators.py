import pytest

from winnow.egress.validators import MAX_VALIDATOR, conditions, echoable


@pytest.mark.parametrize("value", ['"abc"', 'W/"abc"', "Wed, 25 Nov 2026 12:00:00 GMT", "x" * MAX_VALIDATOR, ""])
def test_short_printable_validators_are_given_back(value):
    assert echoable(value) == value


@pytest.mark.parametrize(
    "value", ["x" * 65_536, "x" * (MAX_VALIDATOR + 1), '"a"\r\nX: y', "a\x00", "a\tb", "é", "\x7f"]
)
def test_f23_long_or_hostile_validators_are_dropped(value):
    assert echoable(value) == ""


def test_conditions_hold_only_what_may_be_given_back():
    assert conditions('"a"', "yesterday") == {"If-None-Match": '"a"', "If-Modified-Since": "yesterday"}
    assert conditions("a\nb", "") == {}
