"""Row files: `id`, `title` and, where there are any, the other columns.

What is wrong with the file as a whole raises InputError; what is wrong with one row stands in the row.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from winnow.core.text import clean
from winnow.core.values import Fault
from winnow.sources.dates import parse_iso
from winnow.sources.links import is_web_address
from winnow.sources.records import Record
from winnow.sources.tables import records

REQUIRED = ("id", "title")

_FIELDS = ("id", "title", "created_on", "description", "tag", "url")
# Databases and terminals choke on these, and no text has a use for them; tabs and line breaks are none of them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CONTROL_IN_ID = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was written; `line` is where it starts, `created_on` is in UTC, `fault` is the first found."""

    line: int
    id: str
    title: str
    description: str = ""
    created_on: datetime | None = None
    tag: str = ""
    url: str = ""
    fault: Fault | None = None


def read_rows(source: str | Path | BinaryIO, *, required: Collection[str] = REQUIRED, name: str = "") -> Iterator[Row]:
    """Rows in their order, read as they are asked for; `-` is standard input.

    CSV, JSONL and JSON are told apart by the ending of the file, else by the first character. The
    columns in `required` must be there, and filled in each row. `name` stands in messages instead of
    the path. Raises InputError, with path, line, field and remedy, where the file cannot be read on.
    """
    first_lines: dict[str, int] = {}
    for record in records(source, required=required, name=name):
        row = _row(record, required)
        first = first_lines.setdefault(row.id, row.line) if row.id else row.line
        if first != row.line and row.fault is None:
            row = replace(row, fault=Fault("id", f"is the id of line {first} too; give each row one of its own"))
        yield row


def _row(record: Record, required: Collection[str]) -> Row:
    values = {field: record.fields.get(field) for field in _FIELDS}
    texts = {field: _text(value) for field, value in values.items()}
    faults = (_fault(field, values[field], texts[field], is_required=field in required) for field in _FIELDS)
    return Row(
        line=record.line,
        id=texts["id"],
        title=texts["title"],
        description=texts["description"],
        created_on=_moment(texts["created_on"]),
        tag=texts["tag"].strip(),
        url=texts["url"].strip(),
        fault=next(filter(None, faults), None),
    )


def _text(value: Any) -> str:
    """Whole numbers are common as `id`."""
    return str(value) if _is_text(value) and value is not None else ""


def _is_text(value: Any) -> bool:
    return value is None or (isinstance(value, str | int) and not isinstance(value, bool))


def _moment(text: str) -> datetime | None:
    try:
        return parse_iso(text.strip())
    except ValueError:
        return None


def _fault(field: str, value: Any, text: str, *, is_required: bool) -> Fault | None:
    if not _is_text(value):
        return Fault(field, "is no text; write it between quotation marks")
    if (_CONTROL_IN_ID if field == "id" else _CONTROL).search(text):
        return Fault(field, "holds control characters or broken ones; remove them")
    if field == "title" or text.strip():
        return _malformed(field, text)
    return Fault(field, "is missing; fill it in") if is_required else None


def _malformed(field: str, text: str) -> Fault | None:
    if field == "title" and not clean(text):
        return Fault(field, "is empty or holds nothing visible; give the row a title")
    if field == "created_on" and _moment(text) is None:
        return Fault(field, "is no date; write it as 2020-02-20 or 2020-02-20 06:43:18")
    if field == "url" and not is_web_address(text.strip()):
        return Fault(field, "is no http or https address; mend it or leave it empty")
    return None
