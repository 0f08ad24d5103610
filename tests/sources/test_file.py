import json
from datetime import UTC, datetime

import pytest

from winnow.core.errors import FetchError, InputError
from winnow.core.values import Candidate, Fault
from winnow.sources import file as file_module
from winnow.sources.file import FileConnector


@pytest.fixture
def fetch(client):
    return lambda path, cursor=None: FileConnector().fetch(str(path), cursor or {}, client)


def test_recognises_what_looks_like_a_path_and_what_is_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.csv").write_text("")
    addresses = [
        "/x",
        "./x",
        "../x",
        "file:///x",
        "here.csv",
        "gone.csv",
        "http://a.test/",
        f"http://{'a' * 5000}",
        "a\0b",
    ]
    assert [FileConnector().recognises(address) for address in addresses] == [True] * 5 + [False] * 4


def test_a_feed_on_disk_becomes_candidates(tmp_path, fetch, rss):
    path = tmp_path / "feed.xml"
    path.write_bytes(b"\xef\xbb\xbf\n" + rss("T", "<title></title>"))
    page = fetch(path)
    assert [(candidate.title, candidate.url) for candidate in page.candidates] == [("T", "https://a.test/0"), ("", "")]
    assert (page.title, page.left_out) == ("Feed", 0)


def test_a_json_feed_on_disk_becomes_candidates(tmp_path, fetch):
    path = tmp_path / "feed.json"
    path.write_text(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"title": "T", "url": "https://a.test/"}]})
    )
    assert [candidate.title for candidate in fetch(path).candidates] == ["T"]


def test_rows_become_candidates(tmp_path, fetch):
    path = tmp_path / "rows.csv"
    path.write_text(
        "id,created_on,title,description,tag,url\n1,2020-02-20,A  title,Words,mlops,https://a.test/\n2,2099-01-01,,,,\n"
    )
    page = fetch(f"file://{path}")
    assert page.candidates == (
        Candidate("1", "A title", "Words", "https://a.test/", datetime(2020, 2, 20, tzinfo=UTC), tag="mlops", line=2),
        Candidate("2", "", line=3, fault=Fault("title", "is empty or holds nothing visible; give the row a title")),
    )
    assert page.title == "rows.csv"


def test_an_id_that_no_column_takes_is_known_by_its_hash(tmp_path, fetch):
    path = tmp_path / "rows.json"
    ids = ["plain", "x" * 64, "x" * 65, "x" * 66, "a\x00b", "a\ud800b"]
    path.write_text(json.dumps([{"id": name, "title": "T"} for name in ids]))
    found = [candidate.external_id for candidate in fetch(path).candidates]
    assert found[:2] == ids[:2]
    assert len(set(found)) == 6
    assert all(len(name) == 64 and name.isalnum() for name in found[2:])


def test_of_many_rows_the_newest_count(tmp_path, fetch):
    path = tmp_path / "rows.csv"
    path.write_text("id,title,created_on\n" + "".join(f"{n},T,20{n % 60:02}-01-01\n" for n in range(600)))
    page = fetch(path)
    assert (len(page.candidates), page.left_out) == (500, 100)
    assert min(candidate.published_at for candidate in page.candidates if candidate.published_at).year == 2010


def test_the_same_content_is_unchanged_and_other_content_is_read(tmp_path, fetch):
    path = tmp_path / "rows.csv"
    path.write_text("id,title\n1,T\n")
    first = fetch(path)
    assert first.cursor.keys() == {"sha256"}
    second = fetch(path, first.cursor)
    assert (second.is_unchanged, second.candidates, second.cursor) == (True, (), first.cursor)
    path.write_text("id,title\n1,T\n2,U\n")
    assert len(fetch(path, first.cursor).candidates) == 2


def test_spaces_in_a_file_address_are_read(tmp_path, fetch):
    path = tmp_path / "my rows.csv"
    path.write_text("id,title\n1,T\n")
    assert len(fetch(f"file://{tmp_path}/my%20rows.csv").candidates) == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [("gone.csv", "is not there; check the path"), ("", "is a folder without files that end in .xml")],
)
def test_a_file_that_is_not_there_is_an_input_error(tmp_path, fetch, name, reason):
    with pytest.raises(InputError, match=reason):
        fetch(tmp_path / name)


def test_a_file_that_is_no_feed_and_no_rows_says_so(tmp_path, fetch):
    (tmp_path / "page.html").write_text("<html><p>Hello")
    with pytest.raises(FetchError, match="no feed"):
        fetch(tmp_path / "page.html")
    (tmp_path / "words.txt").write_text("Hello\n")
    with pytest.raises(InputError, match=r"words.txt:1: id: there is no such column"):
        fetch(tmp_path / "words.txt")


def test_a_feed_that_is_too_large_is_refused(tmp_path, fetch, rss, monkeypatch):
    monkeypatch.setattr(file_module, "MAX_FEED", 1000)
    (tmp_path / "feed.xml").write_bytes(rss("x" * 1000))
    with pytest.raises(FetchError) as caught:
        fetch(tmp_path / "feed.xml")
    assert caught.value.code == "too_large"


def test_a_folder_is_read_file_by_file_and_what_cannot_be_read_says_so(tmp_path, fetch, rss):
    (tmp_path / "a.csv").write_text("id,title,url\n1,Rows,https://a.test/1\n")
    (tmp_path / "b.csv").write_text("id,title,url\n1,Other rows,https://b.test/1\n")
    (tmp_path / "c.xml").write_bytes(rss("Feed entry"))
    (tmp_path / "d.xml").write_text("<html>")
    (tmp_path / "notes.txt").write_text("not ours")
    page = fetch(tmp_path)
    assert [one.title for one in page.candidates] == ["Rows", "Other rows", "Feed entry", "d.xml"]
    assert len({one.external_id for one in page.candidates}) == 4
    assert page.candidates[3].fault == Fault("file", "the server sent something that is no feed")
    assert fetch(tmp_path, page.cursor).is_unchanged
    (tmp_path / "a.csv").write_text("id,title\n1,Rows\n2,More\n")
    again = fetch(tmp_path, page.cursor)
    assert [one.title for one in again.candidates][:2] == ["Rows", "More"]
    assert again.candidates[0].external_id == page.candidates[0].external_id
