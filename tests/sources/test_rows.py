import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.errors import InputError
from winnow.core.values import Fault
from winnow.sources.rows import Row, read_rows

CONTROL = "holds control characters or broken ones; remove them"


def csv_rows(text: str, **options) -> list[Row]:
    return list(read_rows(io.BytesIO(text.encode()), name="x.csv", **options))


def json_row(**fields) -> Row:
    """One row from an array, with an id and a title where nothing else is said."""
    return next(read_rows(io.BytesIO(json.dumps([{"id": "1", "title": "T"} | fields]).encode()), name="x.json"))


def test_all_columns_are_read():
    text = "id,created_on,title,description,tag,url,more\n7,2020-02-20 06:43:18,T, D , mlops , https://a.test/ ,x\n"
    moment = datetime(2020, 2, 20, 6, 43, 18, tzinfo=UTC)
    assert csv_rows(text) == [Row(2, "7", "T", " D ", moment, "mlops", "https://a.test/")]


def test_id_and_title_are_enough():
    assert csv_rows("id,title\n1,T\n") == [Row(2, "1", "T")]
    assert csv_rows("id,title,created_on,description,tag,url\n1,T,,,,\n") == [Row(2, "1", "T")]


def test_null_counts_as_absent_and_a_whole_number_is_an_id():
    assert json_row(id=7, description=None, created_on=None, url=None, tag=None) == Row(1, "7", "T")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"id": ""}, Fault("id", "is missing; fill it in")),
        ({"id": " "}, Fault("id", "is missing; fill it in")),
        ({"id": None}, Fault("id", "is missing; fill it in")),
        ({"id": "a\nb"}, Fault("id", CONTROL)),
        ({"id": "a\x00"}, Fault("id", CONTROL)),
        ({"id": "\ud800"}, Fault("id", CONTROL)),
        ({"id": 1.5}, Fault("id", "is no text; write it between quotation marks")),
        ({"id": True}, Fault("id", "is no text; write it between quotation marks")),
        ({"title": ""}, Fault("title", "is empty or holds nothing visible; give the row a title")),
        ({"title": None}, Fault("title", "is empty or holds nothing visible; give the row a title")),
        ({"title": " \t\n"}, Fault("title", "is empty or holds nothing visible; give the row a title")),
        ({"title": "\u200b\u202e\ufeff"}, Fault("title", "is empty or holds nothing visible; give the row a title")),
        ({"title": ["T"]}, Fault("title", "is no text; write it between quotation marks")),
        ({"title": "a\x00b"}, Fault("title", CONTROL)),
        ({"title": "a\x1bb"}, Fault("title", CONTROL)),
        ({"description": "a\x07b"}, Fault("description", CONTROL)),
        ({"description": {"a": 1}}, Fault("description", "is no text; write it between quotation marks")),
        ({"created_on": "yesterday"}, Fault("created_on", "is no date; write it as 2020-02-20 or 2020-02-20 06:43:18")),
        (
            {"created_on": "2020-13-01"},
            Fault("created_on", "is no date; write it as 2020-02-20 or 2020-02-20 06:43:18"),
        ),
        ({"created_on": 1582200000}, Fault("created_on", "is no date; write it as 2020-02-20 or 2020-02-20 06:43:18")),
        ({"url": "javascript:alert(1)"}, Fault("url", "is no http or https address; mend it or leave it empty")),
        ({"url": "a.test"}, Fault("url", "is no http or https address; mend it or leave it empty")),
        ({"url": "https:///x"}, Fault("url", "is no http or https address; mend it or leave it empty")),
        ({"tag": "a\x00"}, Fault("tag", CONTROL)),
        ({"id": "", "title": "", "url": "x"}, Fault("id", "is missing; fill it in")),
    ],
)
def test_what_is_wrong_with_a_row_stands_in_the_row(fields, fault):
    assert json_row(**fields).fault == fault


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "a\tb\r\nc"},
        {"description": "a\nb"},
        {"created_on": "2020"},
        {"created_on": "2020-02"},
        {"url": "http://a.test"},
        {"created_on": " 2020-02-20T06:43:18.5+01:00 "},
        {"description": " "},
        {"title": "\u202eT"},
        {"id": "a b"},
        {"other": [1]},
    ],
)
def test_what_is_right_has_no_fault(fields):
    assert json_row(**fields).fault is None


def test_the_same_id_twice_names_the_line_of_the_first():
    rows = csv_rows('id,title\na,"one\ntwo"\nb,T\na,T\na,T\n')
    again = Fault("id", "is the id of line 2 too; give each row one of its own")
    assert [(row.line, row.fault) for row in rows] == [(2, None), (4, None), (5, again), (6, again)]


def test_another_fault_of_a_row_goes_before_a_repeated_id():
    assert [row.fault and row.fault.field for row in csv_rows("id,title\na,T\na,\n,T\n,T\n")] == [
        None,
        "title",
        "id",
        "id",
    ]


def test_ids_that_differ_in_case_are_two():
    assert [row.fault for row in csv_rows("id,title\na,T\nA,T\n")] == [None, None]


def test_required_columns_must_be_there_and_filled():
    with pytest.raises(InputError, match=r"^x.csv:1: tag: there is no such column"):
        csv_rows("id,title\n1,T\n", required=("id", "title", "tag"))
    rows = csv_rows("id,title,tag\n1,T,\n2,T,mlops\n", required=("id", "title", "tag"))
    assert [row.fault for row in rows] == [Fault("tag", "is missing; fill it in"), None]


def test_rows_before_a_broken_line_are_read_first():
    rows = read_rows(io.BytesIO(b"id,title\n1,T\n2"), name="x.csv")
    assert next(rows) == Row(2, "1", "T")
    with pytest.raises(InputError, match=r"^x.csv:3: has 1 columns"):
        next(rows)


# Every bad file of the contract, as a whole file: what is said in one line about it.
# fmt: off
BAD_FILES = {
    "not UTF-8": ("x.csv", b"id,title\n1,caf\xe9\n", "x.csv:2: is not UTF-8; save the file as UTF-8"),
    "UTF-16": ("x.csv", "id,title\n".encode("utf-16"), "x.csv:1: is UTF-16; save the file as UTF-8"),
    "lacks title": ("x.csv", b"id,name\n1,T\n", "x.csv:1: title: there is no such column; the first line names the columns, separated by commas: id,title"),
    "nothing": ("x.csv", b"", "x.csv: is empty; it should hold rows with the columns id, title"),
    "nothing (JSON)": ("x.json", b"\n", "x.json: is empty; it should hold rows with the columns id, title"),
    "binary": ("x.csv", bytes(range(256)), "x.csv:1: is binary and no text; name a CSV, JSONL or JSON file"),
    "cut off (quote)": ("x.csv", b'id,title\n1,"T', "x.csv:2: a quote that is opened here is never closed; is the file cut off?"),
    "cut off (columns)": ("x.csv", b"id,title\n1,T\n2", "x.csv:3: has 1 columns where the header has 2; is the line cut off, or a quote missing?"),
    "cut off (JSONL)": ("x.jsonl", b'{"id": 1, "title": "T"}\n{"id": 2, "ti', "x.jsonl:2: is no JSON object; is the line or the file cut off?"),
    "cut off (JSON)": ("x.json", b'[{"id": 1, "title": "T"},', "x.json:1: is no JSON object; is the line or the file cut off?"),
    "NaN": ("x.jsonl", b'{"id": NaN}', "x.jsonl:1: NaN is no number in JSON; mend it where the file is made"),
    "key twice": ("x.jsonl", b'{"id": 1, "id": 2}', "x.jsonl:1: the key 'id' stands twice in one object; mend it where the file is made"),
    "huge field": ("x.jsonl", b'{"id": 1, "title": "' + b"x" * 1_000_001 + b'"}', "x.jsonl:1: title: is longer than 1,000,000 characters; shorten it"),
}
# fmt: on


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_says_in_one_line_where_and_how_to_mend_it(tmp_path, monkeypatch, case):
    name, content, message = BAD_FILES[case]
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        list(read_rows(name))
    assert str(caught.value) == message


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@given(st.lists(st.tuples(texts, texts, texts), max_size=15))
def test_all_formats_say_the_same(written):
    names = ("id", "title", "description")
    table = io.StringIO(newline="")
    csv.writer(table).writerows([names, *written])
    objects = [dict(zip(names, row, strict=True)) for row in written]
    files = {
        "x.csv": table.getvalue(),
        "x.json": json.dumps(objects),
        "x.jsonl": "".join(f"{json.dumps(row)}\n" for row in objects) or "\n",
    }
    answers = []
    for name, content in files.items():
        try:
            rows = list(read_rows(io.BytesIO(content.encode()), name=name))
        except InputError:
            rows = []
        answers.append([(row.id, row.title, row.description, row.fault and row.fault.field) for row in rows])
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) == len(written)


def test_a_row_never_depends_on_those_behind_it():
    rows = [f"{number},T{number}\n" for number in range(50)]
    whole = csv_rows("id,title\n" + "".join(rows))
    assert [csv_rows("id,title\n" + "".join(rows[: n + 1]))[n] for n in range(50)] == whole
