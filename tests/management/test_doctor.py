"""`winnow doctor` where something is wrong."""

from tests.databases import on_postgresql, on_sqlite

SUBJECTS = ["configuration", "database", "disk", "network", "encoder", "model", "sources", "jobs", "mail", "mirror"]


def test_a_fresh_home_lacks_a_model_and_is_told_how_to_get_one(winnow):
    done = winnow("doctor", "--json")
    assert (done.status, [row["subject"] for row in done.rows]) == (1, SUBJECTS)
    ailing = [row for row in done.rows if not row["is_well"]]
    assert [(row["subject"], "winnow train best" in row["remedy"]) for row in ailing] == [("model", True)]
    assert all(set(row) == {"subject", "is_well", "found", "remedy"} for row in done.rows)


@on_sqlite
def test_a_database_that_is_none_is_a_finding_among_the_others(winnow):
    winnow("tags")
    for path in winnow.home.glob("winnow.sqlite3*"):
        path.write_bytes(b"no database at all " * 1000)
    done = winnow("doctor")
    assert (done.status, "Traceback" in done.out + done.err) == (1, False)
    lines = [line.split() for line in done.out.splitlines()]
    assert [line[1] for line in lines] == SUBJECTS
    assert [line[0] for line in lines if line[1] in ("configuration", "disk", "encoder")] == ["well"] * 3
    assert next(line for line in done.out.splitlines() if " database " in line).endswith("with the newest backup")


@on_postgresql
def test_a_server_that_is_away_is_a_finding_among_the_others(winnow, tmp_path):
    done = winnow("doctor", DATABASE_URL=f"postgresql://winnow@/winnow?host={tmp_path}")
    assert (done.status, "Traceback" in done.out + done.err) == (1, False)
    lines = [line.split() for line in done.out.splitlines()]
    assert [line[1] for line in lines] == SUBJECTS
    (database,) = [line for line in done.out.splitlines() if line.split()[1] == "database"]
    assert database.startswith("WRONG")
    assert database.endswith("; see that DATABASE_URL is right and its server runs")


@on_postgresql
def test_the_database_is_named_with_its_version(winnow):
    (database,) = [row for row in winnow("doctor", "--json").rows if row["subject"] == "database"]
    assert (database["is_well"], database["found"].split()[0]) == (True, "PostgreSQL")


def test_what_the_environment_opens_is_named(winnow):
    done = winnow("doctor", WINNOW_EGRESS_ALLOW="10.0.0.0/8")
    assert "WINNOW_EGRESS_ALLOW opens 10.0.0.0/8" in done.out


def test_a_command_does_not_start_unsafely_and_the_doctor_says_how_to_mend_it(winnow):
    done = winnow("tags", WINNOW_ALLOWED_HOSTS="*", WINNOW_REVIEW_BLINDE="3")
    assert (done.status, done.out, done.err.count("\n"), "Traceback" in done.err) == (1, "", 1, False)
    assert ("(winnow.E005)" in done.err, "WINNOW_REVIEW_BLIND perhaps" in done.err) == (True, True)
    rows = winnow("doctor", "--json", WINNOW_ALLOWED_HOSTS="*").rows
    wrong = {row["subject"]: row["remedy"] for row in rows if not row["is_well"]}
    assert (wrong["configuration"], "database" in wrong) == ("name the hosts of the site", False)


def test_whoever_is_to_be_told_of_alerts_needs_a_relay(winnow):
    rows = winnow("doctor", "--json", WINNOW_ALERT_MAIL="ada@example.org").rows
    (mail,) = [row for row in rows if row["subject"] == "mail"]
    assert (mail["is_well"], "ada@example.org" in mail["found"], mail["remedy"]) == (
        False,
        True,
        "set WINNOW_MAIL_HOST",
    )
