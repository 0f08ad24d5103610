import io
import sys

import pytest

from winnow.core.errors import InputError
from winnow.sources import tables
from winnow.sources.records import Record
from winnow.sources.tables import open_file, records


def read(content: bytes, name: str = "") -> list[Record]:
    return list(records(io.BytesIO(content), required=("id", "title"), name=name))


def refusal(content: bytes, name: str = "x.csv") -> str:
    with pytest.raises(InputError) as caught:
        read(content, name)
    return str(caught.value)


ROW = {"id": "1", "title": "T"}


@pytest.mark.parametrize(
    ("content", "name", "line"),
    [
        (b"id,title\n1,T\n", "x.csv", 2),
        (b"\xef\xbb\xbfid,title\r\n1,T\r\n", "x", 2),
        (b"\n\nid,title\n1,T", "", 4),
        (b'{"id": "1", "title": "T"}\n', "x.jsonl", 1),
        (b'\n{"id": "1", "title": "T"}', "", 2),
        (b'{"id": "1", "title": "T"}', "x.ndjson", 1),
        (b'[{"id": "1", "title": "T"}]', "x.json", 1),
        (b'\xef\xbb\xbf\n [{"id": "1", "title": "T"}]', "", 2),
        (b'{"id": "1", "title": "T"}', "x.json", 1),
        (b'[{"id": "1", "title": "T"}]', "x.txt", 1),
    ],
)
def test_formats_are_told_by_ending_and_first_character(content, name, line):
    assert read(content, name) == [Record(line, ROW)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "x.csv: is empty; it should hold rows with the columns id, title"),
        (b" \r\n\n\xef\xbb\xbf", "x.csv: is empty; it should hold rows with the columns id, title"),
        ("id,title\n1,ä\n2,ö\n".encode("latin-1"), "x.csv:2: is not UTF-8; save the file as UTF-8"),
        ("id,title\n1,T\n".encode("utf-16"), "x.csv:1: is UTF-16; save the file as UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "x.csv:1: is not UTF-8; save the file as UTF-8"),
        (b"PK\x03\x04\x14\0\0\xff\n", "x.csv:1: is binary and no text; name a CSV, JSONL or JSON file"),
        (b"\x7fELF\x02\x01\x01\0\0\n\0", "x.csv:1: is binary and no text; name a CSV, JSONL or JSON file"),
        (b"\xff\xfe\xfd", "x.csv:1: is UTF-16; save the file as UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(content, message):
    if b"\xef\xbb\xbf" in content[3:]:
        content = content[:-3]
    assert refusal(content) == message


def test_files_are_read_from_disk_and_from_standard_input(tmp_path, monkeypatch):
    path = tmp_path / "rows.csv"
    path.write_text("id,title\n1,T\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    for source in (path, str(path), "-"):
        assert list(records(source, required=("id",))) == [Record(2, ROW)]


def test_a_missing_name_is_made_up(monkeypatch):
    with pytest.raises(InputError, match=r"^the file: is empty"):
        read(b"")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(InputError, match=r"^standard input: is empty"):
        list(records("-", required=("id",)))


@pytest.mark.parametrize(
    ("name", "reason"), [("gone", "is not there; check the path"), (".", "is a directory; name a file in it")]
)
def test_what_cannot_be_opened_says_why(tmp_path, name, reason):
    with pytest.raises(InputError, match=reason), open_file(tmp_path / name):
        pass


def test_a_path_that_no_file_can_have_cannot_be_read():
    for path in ("a\0b", "a" * 5000):
        with pytest.raises(InputError, match="cannot be read; check its permissions"), open_file(path):
            pass


def test_a_line_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_LINE", 1 << 20)
    assert refusal(b"x" * (2 << 20)) == "x.csv:1: is longer than 1 MiB; put each row on a line of its own"


def test_a_long_file_is_read_only_as_far_as_it_is_asked_for():
    class Endless(io.RawIOBase):
        n_read = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            piece = b"id,title\n" if self.n_read == 0 else b"%d,T\n" % self.n_read
            self.n_read += 1
            buffer[: len(piece)] = piece
            return len(piece)

    found = records(io.BufferedReader(Endless()), required=("id",))
    assert [next(found).line for _ in range(1000)] == list(range(2, 1002))
