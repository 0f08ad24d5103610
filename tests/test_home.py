"""Where an installation keeps its things."""

import stat
from pathlib import Path

import pytest

from winnow.home import CHECKOUT, DATA, RECIPES, _write_once, cache, home, secret


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """A home that nobody made yet, and an environment that says nothing else."""
    for name in ("WINNOW_CACHE", "XDG_CACHE_HOME", "WINNOW_SECRET_KEY", "WINNOW_SECRET_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WINNOW_HOME", str(tmp_path / "a" / "home"))
    return tmp_path / "a" / "home"


def test_the_home_is_made_for_its_owner_alone(own_home):
    assert home() == own_home
    assert stat.S_IMODE(own_home.stat().st_mode) == 0o700
    assert home() == own_home


def test_without_a_word_it_is_var_in_the_checkout(monkeypatch, tmp_path):
    monkeypatch.setattr("winnow.home.CHECKOUT", tmp_path)
    for value in ("", None):
        monkeypatch.setenv("WINNOW_HOME", value) if value is not None else monkeypatch.delenv("WINNOW_HOME")
        assert home() == tmp_path / "var"


def test_a_home_is_absolute_wherever_one_stands(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    for value, expected in (("here", tmp_path / "here"), ("~/there", tmp_path / "me" / "there")):
        monkeypatch.setenv("WINNOW_HOME", value)
        assert home() == expected


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, "/me/.cache/winnow"),
        ({"XDG_CACHE_HOME": "/xdg"}, "/xdg/winnow"),
        ({"XDG_CACHE_HOME": "/xdg", "WINNOW_CACHE": "/own"}, "/own"),
        ({"WINNOW_CACHE": ""}, "/me/.cache/winnow"),
    ],
)
def test_the_cache_is_the_user_s_unless_told(monkeypatch, env, expected):
    monkeypatch.setenv("HOME", "/me")
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert cache() == Path(expected)


def test_the_checkout_holds_what_comes_with_the_project():
    assert (DATA / "taxonomy.toml").is_file()
    assert (RECIPES / "joined.toml").is_file()
    assert (CHECKOUT / "pyproject.toml").is_file()


def test_a_secret_is_made_once_and_kept_for_its_owner(own_home):
    made = secret("WINNOW_SECRET_KEY")
    assert (len(made) >= 64, secret("WINNOW_SECRET_KEY")) == (True, made)
    assert stat.S_IMODE((own_home / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in own_home.iterdir()] == ["secret_key"]


def test_two_secrets_and_two_homes_are_different(monkeypatch, tmp_path):
    first, other = secret("WINNOW_SECRET_KEY"), secret("WINNOW_OTHER_KEY")
    monkeypatch.setenv("WINNOW_HOME", str(tmp_path / "b"))
    assert len({first, other, secret("WINNOW_SECRET_KEY")}) == 3


def test_a_secret_that_is_given_is_not_written_down(own_home, monkeypatch, tmp_path):
    monkeypatch.setenv("WINNOW_SECRET_KEY", "given")
    assert secret("WINNOW_SECRET_KEY") == "given"
    (tmp_path / "mounted").write_text("mounted\n")
    monkeypatch.setenv("WINNOW_SECRET_KEY_FILE", str(tmp_path / "mounted"))
    assert secret("WINNOW_SECRET_KEY") == "mounted"
    assert not own_home.exists()


def test_a_first_run_that_comes_second_reads_the_secret_of_the_first(own_home):
    home()
    (own_home / "secret_key").write_text("theirs")
    _write_once(own_home / "secret_key", "ours")
    assert (secret("WINNOW_SECRET_KEY"), [path.name for path in own_home.iterdir()]) == ("theirs", ["secret_key"])
