"""Where a list goes on: opaque, stable while rows come and go."""

import base64
import binascii
import heapq
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from winnow.core.errors import InputError

MAX_CURSOR = 200
BAD_CURSOR = "after: not a cursor of this list; begin without it"

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list and the cursor of the next, None at the end."""

    rows: list[Row]
    next: str | None


def page_of(rows: QuerySet[Stored], *, by: str, after: str, limit: int) -> Page[Stored]:
    """`limit` rows in falling order of (`by`, id), beginning after the cursor. Raises InputError for a bad cursor."""
    return page_of_parts([rows], shown=rows, by=by, after=after, limit=limit)


def page_of_parts(
    parts: Sequence[QuerySet[Stored]], *, shown: QuerySet[Stored], by: str, after: str, limit: int
) -> Page[Stored]:
    """The same over several sets of rows that share none, each in its own order; `shown` is what the rows bring along.

    Numbers come first: where rows have to be sorted, they are sorted without all that they are joined with.
    """
    if after:
        value, last_id = _decode(shown, by, after)
        later = Q(**{f"{by}__lt": value}) | Q(**{by: value, "pk__lt": last_id})
        parts = [rows.filter(later) for rows in parts]
    keys = [rows.order_by(f"-{by}", "-pk").values_list(by, "pk")[: limit + 1] for rows in parts]
    merged = list(islice(heapq.merge(*keys, reverse=True), limit + 1))
    found = shown.in_bulk([pk for _, pk in merged[:limit]])
    page = [found[pk] for _, pk in merged[:limit] if pk in found]
    return Page(page, _encode(getattr(page[-1], by), page[-1].pk) if page and len(merged) > limit else None)


def page_of_scored(scored: Sequence[tuple[float, int]], *, after: str, limit: int) -> Page[int]:
    """The numbers of a page of (score, number) pairs that fall already. Raises InputError for a bad cursor."""
    if after:
        try:
            value, last_id = _parse(after)
            last = (_sortable(float(value)), last_id)
        except (ValueError, TypeError, OverflowError, binascii.Error) as error:
            raise InputError(BAD_CURSOR) from error
        scored = [pair for pair in scored if pair < last]
    shown = scored[:limit]
    return Page([pk for _, pk in shown], _encode(*shown[-1]) if len(scored) > limit else None)


def _encode(value: Any, pk: int) -> str:
    plain = value.isoformat() if hasattr(value, "isoformat") else value
    return base64.urlsafe_b64encode(json.dumps([plain, pk]).encode()).decode().rstrip("=")


def _decode(rows: QuerySet[Any], by: str, cursor: str) -> tuple[Any, int]:
    try:
        plain, pk = _parse(cursor)
        value = rows.model._meta.get_field(by).to_python(plain)  # noqa: SLF001 - Django's documented way to a field
        return _sortable(value), pk
    except (ValueError, TypeError, OverflowError, binascii.Error, ValidationError) as error:
        raise InputError(BAD_CURSOR) from error


def _sortable(value: Any) -> Any:
    """The value in the form in which rows hold it; at the edges of the calendar a zone leads out of it."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("no row bears a time without a zone")
        return value.astimezone(UTC)
    if not math.isfinite(value):
        raise ValueError("no row is sorted by it")
    return value


def _parse(cursor: str) -> tuple[Any, int]:
    if len(cursor) > MAX_CURSOR:
        raise ValueError("too long")
    value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    if type(pk) is not int or not 0 <= pk < 2**63:
        raise ValueError("no row has such a number")
    if not isinstance(value, str | float | int):
        raise TypeError("no row is sorted by such a value")
    return value, pk
