"""`invite`, `token` and `accounts`."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from winnow.core.errors import ConflictError

# django-typer's way of calling a command within a process meets a warning of typer itself.
pytestmark = pytest.mark.filterwarnings("ignore:In Typer:DeprecationWarning")


def test_invite_prints_a_link_once(winnow):
    row = winnow("invite", "reviewer", "--name", "ada", "--json").rows[0]
    assert set(row) == {"url", "role", "expires_at"}
    assert row["role"] == "reviewer"
    assert datetime.fromisoformat(row["expires_at"]) > datetime.now(UTC)
    assert winnow("invite", "reviewer", "--name", "ada", "--json").rows[0]["url"] != row["url"]


def test_token_prints_what_the_contract_names(winnow):
    row = winnow("token", "t", "--scope", "submit", "--scope", "classify", "--expires", "2", "--json").rows[0]
    assert set(row) == {"token", "name", "scopes", "expires_at"}
    assert (row["name"], row["scopes"]) == ("t", ["classify", "submit"])
    assert datetime.fromisoformat(row["expires_at"]) < datetime.now(UTC) + timedelta(days=2, minutes=1)


def test_people_read_the_secret_on_its_own_line(winnow):
    assert winnow("token", "t", "--scope", "report").out.splitlines()[0].startswith("wnw_")
    assert "/sign-in/" in winnow("invite", "reader").out.splitlines()[0]


@pytest.fixture
def accounts(cast, tags, capsys):
    """`winnow accounts ...` in this process, in which its home is ready."""

    def accounts(*words):
        call_command("accounts", *words)
        return capsys.readouterr().out

    return accounts


def test_accounts_are_listed(accounts):
    rows = [json.loads(line) for line in accounts("list", "--json").splitlines()]
    assert [row["name"] for row in rows] == ["engineer", "operator", "other-reviewer", "owner", "reader", "reviewer"]
    assert set(rows[0]) == {"name", "role", "is_active", "has_password", "created_at", "last_login", "tokens"}
    assert accounts("list").splitlines()[0].split() == ["engineer", "engineer", "open", "0", "tokens"]


def test_accounts_are_changed_and_let_go(accounts, cast):
    assert accounts("role", "reader", "owner").startswith("reader is owner now")
    assert "closed" in accounts("close", "reader")
    assert "may sign in again" in accounts("open", "reader")
    assert "stays under deleted-" in accounts("delete", "reader")
    assert "reader" not in accounts("list").split()


def test_a_reset_link_is_made_on_the_machine(accounts):
    assert "/reset/" in json.loads(accounts("reset", "reader", "--json"))["url"]
    assert "/reset/" in accounts("reset", "reader").splitlines()[0]


@pytest.mark.parametrize("words", [["close", "operator"], ["delete", "operator"], ["role", "operator", "reader"]])
def test_a17_the_command_line_too_leaves_one_operator(accounts, words):
    with pytest.raises(ConflictError, match="last operator"):
        accounts(*words)


def test_an_account_that_is_not_there_is_one_line(winnow):
    done = winnow("accounts", "close", "nobody")
    assert (done.status, done.err.count("\n"), "winnow accounts list" in done.err) == (1, 1, True)
