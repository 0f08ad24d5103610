import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.errors import InputError
from winnow.sources.csv_table import csv_records
from winnow.sources.records import MAX_FIELD, Record


def read(text: str, required: tuple[str, ...] = ("id", "title")) -> list[Record]:
    return list(csv_records(re.findall(r"[^\n]*\n|[^\n]+", text), "x.csv", required))


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read(text)
    return str(caught.value)


def test_records_bear_the_line_where_they_start():
    text = 'id,title\r\n1,"one\r\ntwo"\r\n\r\n2,"a ""quoted"" word"\r\n3,\r\n'
    assert read(text) == [
        Record(2, {"id": "1", "title": "one\r\ntwo"}),
        Record(5, {"id": "2", "title": 'a "quoted" word'}),
        Record(6, {"id": "3", "title": ""}),
    ]


def test_names_of_columns_are_read_whatever_their_case_and_order():
    assert read(" Title ,extra,ID\nT,x,1") == [Record(2, {"title": "T", "extra": "x", "id": "1"})]


def test_a_header_alone_is_a_file_without_rows():
    assert read("id,title\n") == []


@given(st.lists(st.tuples(*[st.text(st.characters(exclude_categories=("Cs",)), max_size=30)] * 2), max_size=20))
def test_what_the_csv_module_writes_is_read_back(rows):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("id", "title"), *rows])
    assert [tuple(record.fields.values()) for record in read(stream.getvalue())] == rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,name\n1,x\n", "x.csv:1: title: there is no such column; the first line names the columns, separated by commas: id,title"),
        ("id;title\n1;x\n", "x.csv:1: id: there is no such column; the first line names the columns, separated by commas: id,title"),
        ("id,title,title\n", "x.csv:1: title: two columns have this name; rename one of them"),
        ("id,ti\x00tle\n", "x.csv:1: is binary and no text; name a CSV, JSONL or JSON file"),
        ("id,title\n1,a\n2", "x.csv:3: has 1 columns where the header has 2; is the line cut off, or a quote missing?"),
        ("id,title\n1,a,b\n", "x.csv:2: has 3 columns where the header has 2; is the line cut off, or a quote missing?"),
        ('id,title\n1,a\n2,"b\nc', "x.csv:3: a quote that is opened here is never closed; is the file cut off?"),
        ('id,title\n1,"a"b\n', "x.csv:2: is no proper CSV; quotes inside of a field are doubled"),
        ("id,title\n1,a\rb\n", "x.csv:2: a line ends in a bare carriage return; save the file with LF or CRLF line ends"),
        (f"id,title\n1,{'x' * (MAX_FIELD + 1)}\n", "x.csv:2: a field is longer than 1,000,000 characters; shorten it, or close the quote that is left open"),
    ],
)  # fmt: skip
def test_a_file_that_is_broken_says_where_and_how_to_mend_it(text, message):
    assert refusal(text) == message
