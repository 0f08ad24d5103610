"""Folders that others could read or change."""

from pathlib import Path

import winnow


def test_a_home_in_which_others_may_write_is_refused(refused, tmp_path):
    tmp_path.chmod(0o770)
    assert [number for number, _ in refused({"HOME": tmp_path})] == ["E002"]


def test_a_secret_that_others_may_read_is_refused(refused, tmp_path):
    (tmp_path / "secret_key").write_text("x")
    (tmp_path / "secret_key").chmod(0o640)
    assert [number for number, _ in refused({"HOME": tmp_path})] == ["E003"]


def test_a_home_within_the_program_is_refused(refused):
    ((number, fault),) = refused({"HOME": Path(winnow.__file__).parent / "static"})
    assert (number, "static files anybody may read" in fault) == ("E029", True)
