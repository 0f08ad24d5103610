"""Settings, one by one."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from winnow.environment import ASKED, choice, is_on, number, setting, shares


def test_a_setting_comes_from_its_file_before_its_name(monkeypatch, tmp_path):
    assert setting("WINNOW_ODD", "default") == "default"
    monkeypatch.setenv("WINNOW_ODD", "plain")
    assert setting("WINNOW_ODD", "default") == "plain"
    (tmp_path / "value").write_text("  from a file\n")
    monkeypatch.setenv("WINNOW_ODD_FILE", str(tmp_path / "value"))
    assert setting("WINNOW_ODD", "default") == "from a file"


def test_a_setting_whose_file_is_not_there_is_an_error_and_not_the_default(monkeypatch):
    monkeypatch.setenv("WINNOW_ODD_FILE", "/nowhere")
    with pytest.raises(FileNotFoundError):
        setting("WINNOW_ODD", "default")


def test_whoever_asks_makes_a_name_known():
    assert "WINNOW_ODD_AND_NEW" not in ASKED
    setting("WINNOW_ODD_AND_NEW")
    assert "WINNOW_ODD_AND_NEW" in ASKED
    ASKED.discard("WINNOW_ODD_AND_NEW")


@pytest.mark.parametrize(("given", "read"), [("0", 0), ("007", 7), ("9", 9)])
def test_a_number_is_read(monkeypatch, given, read):
    monkeypatch.setenv("WINNOW_ODD", given)
    assert number("WINNOW_ODD", 5, most=9) == read


@pytest.mark.parametrize("given", ["", "10", "-1", "1.5", "1_0", "٣", "9" * 5000])
def test_what_is_no_such_number_is_refused_by_name(monkeypatch, given):
    monkeypatch.setenv("WINNOW_ODD", given)
    with pytest.raises(ImproperlyConfigured, match="WINNOW_ODD: give a whole number of at most 9, such as 5"):
        number("WINNOW_ODD", 5, most=9)


def test_a_word_is_one_of_those_that_are_known(monkeypatch):
    assert (choice("WINNOW_ODD", ("a", "b", "c"), "b"), number("WINNOW_ODD", 5)) == ("b", 5)
    monkeypatch.setenv("WINNOW_ODD", "d")
    with pytest.raises(ImproperlyConfigured, match="WINNOW_ODD: give a, b or c"):
        choice("WINNOW_ODD", ("a", "b", "c"), "b")


@pytest.mark.parametrize(("given", "read"), [("yes", True), ("no", False), (None, True)])
def test_yes_and_no_are_read(monkeypatch, given, read):
    if given:
        monkeypatch.setenv("WINNOW_ODD", given)
    assert is_on("WINNOW_ODD", default=True) is read


@pytest.mark.parametrize("given", ["true", "1", "Yes", ""])
def test_whatever_else_is_not_guessed_at(monkeypatch, given):
    monkeypatch.setenv("WINNOW_ODD", given)
    with pytest.raises(ImproperlyConfigured, match="WINNOW_ODD: give yes or no"):
        is_on("WINNOW_ODD", default=False)


def test_shares_are_whole_numbers_by_name(monkeypatch):
    assert shares("WINNOW_ODD") == {}
    monkeypatch.setenv("WINNOW_ODD", "reported=4, audit=0 unsure=1")
    assert shares("WINNOW_ODD") == {"reported": 4, "audit": 0, "unsure": 1}


@pytest.mark.parametrize("given", ["reported", "reported=", "reported=x", "reported=-1", "a=1=2"])
def test_shares_that_are_none_are_refused_by_name(monkeypatch, given):
    monkeypatch.setenv("WINNOW_ODD", given)
    with pytest.raises(ImproperlyConfigured, match="WINNOW_ODD: give names with whole numbers"):
        shares("WINNOW_ODD")
