"""What the database itself refuses, whoever asks: a deployment without its gate, and a changed or deleted proof.

The triggers are made again after every migration, since SQLite loses those of a table that it rebuilds.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# Rows of these are written once.
APPEND_ONLY = (
    "winnow_deployment",
    "winnow_gatedecision",
    "winnow_trainingrun",
    "winnow_datasetversion",
    "winnow_certification",
    "winnow_rolloutlook",
    "winnow_tagburn",
)
GATED = "winnow_deployment"
_HASHES = ("model_sha256", "dataset_sha256", "policy_sha256", "code_sha256")
_REFUSED = "nothing serves without a passed gate for exactly this model, role, data, policy and code"
_IS_GATED = f"""EXISTS (
    SELECT 1 FROM winnow_gatedecision gate JOIN winnow_modelversion version ON version.id = gate.model_version_id
    WHERE gate.id = NEW.gate_id AND gate.verdict = 'passed' AND gate.role = NEW.role
      AND gate.model_version_id = NEW.model_version_id AND gate.model_sha256 = version.manifest_sha256
      AND {" AND ".join(f"gate.{name} = NEW.{name}" for name in _HASHES)})"""  # noqa: S608 - names that stand above


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers of all guarded tables that are there; making them again changes nothing."""
    _run(connection, _made)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away; for a database that is emptied as a whole."""
    _run(connection, _dropped)


def after_migrations(*, using: str, **_signal: Any) -> None:
    """Receiver of `post_migrate`."""
    install(connections[using])


def _run(connection: BaseDatabaseWrapper, statements: Any) -> None:
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            for statement in statements(connection.vendor, table) if table in present else ():
                cursor.execute(statement)


def _dropped(vendor: str, table: str) -> Iterator[str]:
    place = f" ON {table}" if vendor == "postgresql" else ""
    for event in ("update", "delete", "insert", "truncate"):
        yield f"DROP TRIGGER IF EXISTS {table}_{event}{place}"


def _made(vendor: str, table: str) -> Iterator[str]:
    yield from _dropped(vendor, table)
    yield from _postgresql(table) if vendor == "postgresql" else _sqlite(table)


def _sqlite(table: str) -> Iterator[str]:
    refusal = f"SELECT RAISE(ABORT, '{table} is append-only')"
    for event in ("update", "delete"):
        yield f"CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} BEGIN {refusal}; END"
    # INSERT OR REPLACE deletes without asking the trigger of deletes.
    inserted = f"{refusal} WHERE EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id);"  # noqa: S608 - one of ours
    if table == GATED:
        inserted += f" SELECT RAISE(ABORT, '{_REFUSED}') WHERE NOT {_IS_GATED};"
    yield f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} BEGIN {inserted} END"


def _postgresql(table: str) -> Iterator[str]:
    yield _function("winnow_append_only", "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME {code};")
    run = "EXECUTE FUNCTION winnow_append_only()"
    for event in ("update", "delete"):
        yield f"CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} FOR EACH ROW {run}"
    yield f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}"
    if table == GATED:
        yield _function(
            "winnow_gated", f"IF NOT {_IS_GATED} THEN RAISE EXCEPTION '{_REFUSED}' {{code}}; END IF; RETURN NEW;"
        )
        yield f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION winnow_gated()"


def _function(name: str, body: str) -> str:
    body = body.format(code="USING ERRCODE = 'integrity_constraint_violation'")
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
