import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.errors import InputError
from winnow.sources.json_table import array_records, line_records
from winnow.sources.records import MAX_FIELD, Record

rows = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.none() | st.integers()), max_size=10)


def refusal(read, text) -> str:
    with pytest.raises(InputError) as caught:
        list(read(text, "x"))
    return str(caught.value)


@given(rows, st.none() | st.integers(0, 3))
def test_rows_are_read_back_in_both_forms(written, indent):
    assert [record.fields for record in array_records(json.dumps(written, indent=indent), "x")] == written
    assert [record.fields for record in line_records(map(json.dumps, written), "x")] == written


def test_records_bear_the_line_where_they_start():
    assert list(line_records(['{"id": 1}\n', " \n", ' {"id": 2}\n'], "x")) == [
        Record(1, {"id": 1}),
        Record(3, {"id": 2}),
    ]
    text = '\n[{"id": 1},\n  {"id":\n 2}\n,\n\n{"id": 3}]\n'
    assert list(array_records(text, "x")) == [Record(2, {"id": 1}), Record(3, {"id": 2}), Record(7, {"id": 3})]


def test_an_empty_array_holds_no_rows():
    assert list(array_records(" [ ] ", "x")) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"id": 1},\n{"id": 2', "x:2: is no JSON object; is the line or the file cut off?"),
        ('[{"id": 1}\n', "x:2: a comma or the end of the array is missing; is the file cut off?"),
        ('[{"id": 1},]', "x:1: is no JSON object; is the line or the file cut off?"),
        ("[", "x:1: is no JSON object; is the line or the file cut off?"),
        ('[{"id": 1} {"id": 2}]', "x:1: a comma or the end of the array is missing; is the file cut off?"),
        ('[{"id": 1}]\n[]', "x:1: something follows the end of the array; remove it"),
        ('{"id": 1}', "x:1: is no array of objects; write [{...}, {...}], or one object a line (.jsonl)"),
        ("[\n1]", 'x:2: is no JSON object; write each row as {"id": ..., "title": ...}'),
        ('[{"id": NaN}]', "x:1: NaN is no number in JSON; mend it where the file is made"),
        ('[{},\n{"id": 1, "id": 2}]', "x:2: the key 'id' stands twice in one object; mend it where the file is made"),
        ('[{"a":' + "[" * 100_000, "x:1: is nested too deep; a row is a flat object"),
        ('[{"a": "' + "x" * (MAX_FIELD + 1) + '"}]', "x:1: a: is longer than 1,000,000 characters; shorten it"),
    ],
)  # fmt: skip
def test_an_array_that_is_broken_says_where_and_how_to_mend_it(text, message):
    assert refusal(array_records, text) == message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": 1', "x:2: is no JSON object; is the line or the file cut off?"),
        ('{"id": 1} {"id": 2}', "x:2: holds more than one object; put each on a line of its own"),
        ("[1]", 'x:2: is no JSON object; write each row as {"id": ..., "title": ...}'),
        ('{"id": Infinity}', "x:2: Infinity is no number in JSON; mend it where the file is made"),
    ],
)  # fmt: skip
def test_a_line_that_is_broken_says_where_and_how_to_mend_it(line, message):
    assert refusal(line_records, ['{"id": 1}\n', line]) == message
