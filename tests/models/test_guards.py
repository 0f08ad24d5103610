"""What the database refuses of itself, asked in raw SQL: nobody has to be careful."""

import pytest
from django.db import DatabaseError, connection, transaction

from winnow.models import Deployment, GateDecision, ModelVersion, TrainingRun, guards

COLUMNS = "role, model_version_id, gate_id, share, model_sha256, dataset_sha256, policy_sha256, code_sha256, reason, created_at"


@pytest.fixture
def serves(version, deployed):
    return deployed(version)


def sql(statement, *values):
    """None where it went through, else what the database said."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        return str(error)
    return None


def copied(serves, **changed):
    """Insert a row like the one that serves, with columns of one's own."""
    names = COLUMNS.split(", ")
    values = [changed.get(name, getattr(serves, name)) for name in names]
    holes = ", ".join(["%s"] * len(names))
    return sql(f"INSERT INTO winnow_deployment ({COLUMNS}) VALUES ({holes})", *values)


def other_model():
    return ModelVersion.objects.create(
        ref="v1-2", recipe="dummy", folder="f", manifest_sha256="m2", dataset_sha256="d2", policy={}, card={}
    )


def test_what_passed_may_be_deployed_again(serves):
    assert copied(serves) is None
    assert Deployment.objects.count() == 2


@pytest.mark.parametrize("column", ["model_sha256", "dataset_sha256", "policy_sha256", "code_sha256"])
def test_another_hash_than_the_one_that_was_judged_is_refused(serves, column):
    assert "without a passed gate" in copied(serves, **{column: "another"})


@pytest.mark.parametrize("gate", [None, 0, 987654])
def test_without_a_gate_nothing_serves(serves, gate):
    assert copied(serves, gate_id=gate) is not None
    assert Deployment.objects.count() == 1


def test_the_gate_of_another_model_or_role_is_none(serves):
    assert "without a passed gate" in copied(serves, model_version_id=other_model().pk)
    assert "without a passed gate" in copied(serves, role="challenger")


@pytest.mark.parametrize("verdict", ["failed", "not enough evidence", "waived", ""])
def test_a_gate_that_was_not_passed_is_none(version, refused, deployed, verdict):
    assert refused(lambda: deployed(version, verdict=verdict))
    assert not Deployment.objects.exists()


def test_a_model_that_was_exchanged_since_is_refused(serves):
    ModelVersion.objects.update(manifest_sha256="tampered")
    assert "without a passed gate" in copied(serves)


@pytest.mark.parametrize(
    ("role", "share"), [("champion", 0.5), ("champion", 0.0), ("challenger", 1.5), ("challenger", -0.1), ("king", 1.0)]
)
def test_roles_and_shares_that_cannot_be_are_refused(version, refused, deployed, role, share):
    assert refused(lambda: deployed(version, role, share=share))


@pytest.mark.parametrize("table", ["winnow_deployment", "winnow_gatedecision", "winnow_trainingrun"])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET id = id", "UPDATE {0} SET created_at = NULL", "DELETE FROM {0}"])
def test_what_is_written_once_is_neither_changed_nor_deleted(serves, version, table, statement):
    TrainingRun.objects.create(model_version=version, recipe={}, seconds=1.0)
    assert "is append-only" in sql(statement.format(table))
    assert (Deployment.objects.count(), GateDecision.objects.count(), TrainingRun.objects.count()) == (1, 1, 1)


def test_nor_is_it_replaced(serves):
    """SQLite's REPLACE deletes without asking; on PostgreSQL the table is cut off whole instead."""
    if connection.vendor == "postgresql":
        assert sql("SET CONSTRAINTS ALL IMMEDIATE") is None
        assert "is append-only" in sql("TRUNCATE winnow_deployment CASCADE")
    else:
        assert "is append-only" in sql(
            f"REPLACE INTO winnow_deployment (id, {COLUMNS}) SELECT id, {COLUMNS} FROM winnow_deployment"
        )
    assert Deployment.objects.get() == serves


def test_guards_are_made_anew_without_harm(serves):
    guards.install(connection)
    assert "is append-only" in sql("DELETE FROM winnow_deployment")


def test_a_guard_that_was_lost_is_back_after_any_migration(serves):
    guards.lift(connection)
    assert sql("UPDATE winnow_deployment SET reason = 'x'") is None
    guards.after_migrations(using="default", app_config=None)
    assert "is append-only" in sql("UPDATE winnow_deployment SET reason = 'y'")
