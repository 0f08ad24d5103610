"""`invite` and `token`."""

from datetime import UTC, datetime, timedelta


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
