"""Carry an installation over to another database, row by row, and compare every row that arrived with the one that left.

Whatever the kinds of both: rows go through Django's own fields. All of them arrive in one transaction, so that a move that
is killed has moved nothing and is run again. What searches know is made anew by the worker of the new home.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, zip_longest
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.models import F
from django.db.models.functions import Collate

from winnow.core.errors import ConflictError, InputError
from winnow.models import Item, SearchEntry, SearchSlip, SearchWord, guards
from winnow.services.running import nobody_at_work

TARGET = "move"
AT_ONCE = 2000
BY_BYTES = {"sqlite": "BINARY", "postgresql": "C"}
# Made anew from the works themselves.
DERIVED = (SearchEntry, SearchSlip, SearchWord)


@dataclass(frozen=True, slots=True)
class Moved:
    """What arrived: rows by table."""

    rows: dict[str, int]


def move(database: dict[str, object]) -> Moved:
    """Copy everything into an empty database, given as Django's settings have one, and compare.

    Raises ConflictError where the site runs or something is in the target already, InputError where a row arrived as another.
    """
    with nobody_at_work(), _target(database):
        call_command("migrate", database=TARGET, verbosity=0, interactive=False)
        held = [model for model in _moved() if model.__name__ in ("Item", "Account", "Label")]
        if any(model._base_manager.using(TARGET).exists() for model in held):
            raise ConflictError("the database to move to holds works or accounts already: name an empty one")
        with transaction.atomic("default"):
            return Moved(_carry_over())


def _carry_over() -> dict[str, int]:
    target, rows = connections[TARGET], {}
    guards.lift(target)
    try:
        with transaction.atomic(TARGET):
            with target.cursor() as cursor:
                for model in reversed(_moved()):
                    cursor.execute(f"DELETE FROM {target.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - ours
            for model in _moved():
                _write(model)
                rows[model._meta.db_table] = _compare(model)
            _await_words()
            for statement in target.ops.sequence_reset_sql(no_style(), _moved()):
                with target.cursor() as cursor:
                    cursor.execute(statement)
            target.check_constraints()
    finally:
        guards.install(target)
    return rows


def _await_words() -> None:
    """Works get entries of version 0, which the worker makes anew, some at a time."""
    works = Item.objects.using(TARGET).exclude(state__in=(Item.State.ADMITTED, Item.State.REMOVED))
    entries = (SearchEntry(item_id=pk, words=[]) for pk in works.values_list("pk", flat=True).iterator(AT_ONCE))
    while part := list(islice(entries, AT_ONCE)):
        SearchEntry.objects.using(TARGET).bulk_create(part)


def _write(model: type[models.Model]) -> None:
    target, fields = connections[TARGET], _fields(model)
    columns = ", ".join(target.ops.quote_name(str(field.column)) for field in fields)
    rows = (
        [field.get_db_prep_save(getattr(row, field.attname), target) for field in fields]
        for row in _rows(model, "default")
    )
    table = target.ops.quote_name(model._meta.db_table)
    with target.cursor() as cursor:
        if target.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        holes = ", ".join(["%s"] * len(fields))
        while part := list(islice(rows, AT_ONCE)):
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({holes})", part)  # noqa: S608 - ours


def _compare(model: type[models.Model]) -> int:
    """Read both sides in the order of their keys. Raises InputError at the first row that differs."""
    n = 0
    for one, other in zip_longest(_rows(model, "default"), _rows(model, TARGET)):
        if one is None or other is None or _plain(one) != _plain(other):
            raise InputError(
                f"{model._meta.db_table}: row {getattr(one or other, 'pk', '')} did not arrive as it was; nothing was moved"
            )
        n += 1
    return n


def _plain(row: models.Model) -> list[Any]:
    return [_value(getattr(row, field.attname)) for field in _fields(type(row))]


def _value(value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value)
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _rows(model: type[models.Model], using: str) -> Iterator[models.Model]:
    # Keys that are text in the order of their bytes, for each database sorts text its own way.
    is_text = isinstance(model._meta.pk, models.CharField)
    key = Collate("pk", BY_BYTES[connections[using].vendor]) if is_text else F("pk")
    return model._base_manager.using(using).order_by(key).iterator(AT_ONCE)


def _fields(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if not field.generated]


def _moved() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy and model not in DERIVED]


@contextmanager
def _target(database: dict[str, object]) -> Iterator[None]:
    """The other database under its own name, as long as it is moved to."""
    own = connections["default"].settings_dict
    if all(str(own[key] or "") == str(database.get(key) or "") for key in ("ENGINE", "NAME", "HOST", "PORT")):
        raise InputError("that is the database in use; name another")
    connections.databases[TARGET] = connections.configure_settings({"default": {}, TARGET: database})[TARGET]
    try:
        yield
    finally:
        connections[TARGET].close()
        del connections[TARGET], connections.databases[TARGET]
