"""A SQLite that can corrupt a database is refused."""

import pysqlite3
import pytest
from django.core.checks import run_checks

from winnow.checks import check_sqlite


@pytest.mark.parametrize("version", [(3, 6, 23), (3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 52, 0), (4, 0, 0)], ids=str)
def test_a_version_without_the_fault_is_well(monkeypatch, version):
    monkeypatch.setattr(pysqlite3.dbapi2, "sqlite_version_info", version)
    assert check_sqlite() == []


@pytest.mark.parametrize(
    "version", [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 44, 7), (3, 50, 6), (3, 50, 8), (3, 51, 2)], ids=str
)
def test_a_version_with_the_fault_is_an_error_that_says_how_to_mend_it(monkeypatch, version):
    monkeypatch.setattr(pysqlite3.dbapi2, "sqlite_version_info", version)
    (error,) = check_sqlite()
    assert (error.id, error.is_serious()) == ("winnow.E001", True)
    assert ".".join(map(str, version)) in error.msg
    assert "make setup" in error.hint


def test_the_sqlite_that_is_used_is_well_and_the_installation_too():
    assert pysqlite3.dbapi2.sqlite_version_info >= (3, 51, 3)
    assert run_checks() == []


def test_the_check_is_among_those_that_the_doctor_runs(monkeypatch):
    monkeypatch.setattr(pysqlite3.dbapi2, "sqlite_version_info", (3, 40, 1))
    assert [message.id for message in run_checks()] == ["winnow.E001"]
