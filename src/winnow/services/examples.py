"""Row files as training pairs."""

from collections.abc import Sequence
from pathlib import Path

from winnow.core.errors import InputError
from winnow.core.text import document
from winnow.core.urls import identity_keys
from winnow.core.values import Example, Tag
from winnow.sources.rows import Row, read_rows


def examples_of_files(paths: Sequence[Path], tags: Sequence[Tag]) -> list[Example]:
    """Every row of the files as a labelled Example; rows at one address are one group.

    Raises InputError by path, line and field for the first row that cannot be used.
    """
    approved = [tag.slug for tag in tags]
    return [_example(path, row, approved) for path in paths for row in read_rows(path)]


def _example(path: Path, row: Row, approved: Sequence[str]) -> Example:
    if row.fault is not None:
        raise InputError.at(path, row.line, row.fault.field, row.fault.reason)
    if row.tag not in approved:
        given = f"{row.tag!r} is not approved" if row.tag else "missing"
        raise InputError.at(path, row.line, "tag", f"{given}; use one of {', '.join(approved)}")
    keys = identity_keys(row.url)
    group = keys[0] if keys else ""
    created_on = f"{row.created_on:%Y-%m-%d}" if row.created_on else ""
    text = document(row.title, row.description)
    return Example(text, row.tag, id=row.id, group=group, created_on=created_on, url=row.url)
