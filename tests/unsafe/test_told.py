"""What the environment tells wrongly."""

import os
import re
import time
from pathlib import Path

import pytest

from winnow.environment import ASKED

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("number", "told", "fault"),
    [
        ("E022", {"TAXONOMY": Path("/nowhere.toml")}, "no file /nowhere.toml"),
        ("E026", {"REVIEW_SHARES": {"audit": 4, "whim": 1}}, "'whim' is no reason"),
        ("E027", {"CREDENTIALS": {"WINNOW_REDDIT_CLIENT_ID": "a", "WINNOW_REDDIT_CLIENT_SECRET": ""}}, "one half"),
    ],
)
def test_o5_what_is_told_wrongly_is_refused_by_name(refused, number, told, fault):
    ((found, said),) = refused(told)
    assert (found, fault in said) == (number, True)


@pytest.mark.parametrize("told", [{"REVIEW_SHARES": {"audit": 0}}], ids=str)
def test_what_is_safe_is_not(refused, told):
    assert refused(told) == []


def test_a_setting_that_is_said_twice_is_refused(refused, tmp_path, monkeypatch):
    (tmp_path / "token").write_text("x")
    monkeypatch.setenv("WINNOW_X_TOKEN_FILE", str(tmp_path / "token"))
    assert refused() == []
    monkeypatch.setenv("WINNOW_X_TOKEN", "y")
    assert refused() == [("E023", "WINNOW_X_TOKEN and WINNOW_X_TOKEN_FILE are both given")]


def test_a_secret_that_others_may_exchange_is_refused(refused, tmp_path, monkeypatch):
    (tmp_path / "token").write_text("x")
    (tmp_path / "token").chmod(0o666)
    monkeypatch.setenv("WINNOW_X_TOKEN_FILE", str(tmp_path / "token"))
    assert [number for number, _ in refused()] == ["E024"]


def test_a_misspelt_setting_is_refused_with_the_one_that_was_meant(refused, monkeypatch):
    monkeypatch.setenv("WINNOW_TRUSTED_PROXY", "1")
    monkeypatch.setenv("WINNOW_SOMETHING_OF_ANOTHER_PROGRAM", "1")
    assert refused() == [("E025", "there is no WINNOW_TRUSTED_PROXY; WINNOW_TRUSTED_PROXIES perhaps")]


def test_a_clock_that_is_behind_the_release_is_refused(refused, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 86_400.0)
    assert [number for number, _ in refused()] == ["E028"]


def test_the_names_that_are_known_are_those_that_are_read():
    listed = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/reference/settings.md").read_text(), re.MULTILINE))
    assert listed <= ASKED
    assert not any(os.environ.get(f"{name}_FILE") for name in listed)
