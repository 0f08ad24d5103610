"""One line that says where and what."""

from winnow.core.errors import FetchError, InputError, TooManyError


def test_input_error_names_path_line_field_and_reason():
    assert str(InputError.at("a.csv", 3, "title", "empty; give one")) == "a.csv:3: title: empty; give one"


def test_input_error_without_line_or_field():
    assert str(InputError.at("a.csv", 0, "", "not there")) == "a.csv: not there"


def test_fetch_error_carries_its_code_and_wait():
    error = FetchError("timeout", "took too long", retry_after=60)
    assert (error.code, str(error), error.retry_after) == ("timeout", "took too long", 60)


def test_too_many_carries_when_to_come_back():
    error = TooManyError("too often", retry_after=30)
    assert (error.code, str(error), error.retry_after) == ("too_many", "too often", 30)
