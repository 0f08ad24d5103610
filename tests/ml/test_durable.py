import threading

import pytest

from winnow.ml.durable import put_file, sync_folder, write_synced


def test_put_file_makes_the_folder_and_leaves_nothing_else(tmp_path):
    put_file(tmp_path / "a" / "b.bin", b"content")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.bin"]
    assert (tmp_path / "a" / "b.bin").read_bytes() == b"content"


def test_put_file_replaces_what_was_there(tmp_path):
    put_file(tmp_path / "x", b"old")
    put_file(tmp_path / "x", b"new")
    assert (tmp_path / "x").read_bytes() == b"new"


def test_put_file_that_fails_leaves_the_folder_as_it_was(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        put_file(tmp_path / "taken", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_put_file_by_many_at_once_is_whole(tmp_path):
    contents = [bytes([letter]) * 100_000 for letter in b"abcdef"]
    threads = [threading.Thread(target=put_file, args=(tmp_path / "x", content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "x").read_bytes() in contents
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_write_synced_writes(tmp_path):
    write_synced(tmp_path / "x", b"1")
    sync_folder(tmp_path)
    assert (tmp_path / "x").read_bytes() == b"1"
