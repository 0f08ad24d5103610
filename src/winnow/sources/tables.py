"""Files of records, line by line: each record is its columns with the line where it starts."""

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from winnow.core.errors import InputError
from winnow.sources.csv_table import csv_records
from winnow.sources.json_table import array_records, line_records
from winnow.sources.records import Record

# Nobody writes such a line by hand; without a bound a device file would fill the memory.
MAX_LINE = 64 * 1024 * 1024


def records(source: str | Path | BinaryIO, *, required: Collection[str], name: str = "") -> Iterator[Record]:
    """The records of a CSV, JSONL or JSON file, or of standard input (`-`), as far as they are asked for.

    Raises InputError where the file cannot be read on, or lacks a column that is required.
    """
    if isinstance(source, str | Path) and str(source) != "-":
        with open_file(source) as file:
            yield from _records(file, name or str(source), required)
    else:
        stream = sys.stdin.buffer if isinstance(source, str | Path) else source
        yield from _records(stream, name or "standard input", required)


@contextmanager
def open_file(path: str | Path) -> Iterator[BufferedReader]:
    """The file for reading; one that cannot be opened is an InputError that says why."""
    try:
        stream = Path(path).open("rb")  # noqa: SIM115 -- what goes wrong later is not judged here
    except FileNotFoundError:
        raise InputError.at(path, 0, "", "is not there; check the path") from None
    except IsADirectoryError:
        raise InputError.at(path, 0, "", "is a directory; name a file in it") from None
    except (OSError, ValueError):
        raise InputError.at(path, 0, "", "cannot be read; check its permissions") from None
    with stream:
        yield stream


def _records(stream: BinaryIO, path: str, required: Collection[str]) -> Iterator[Record]:
    lines = _lines(stream, path)
    blank, first = [], ""
    for first in lines:
        if first.strip():
            break
        blank.append(first)
    if not first.strip():
        raise InputError.at(path, 0, "", "is empty; it should hold rows with the columns " + ", ".join(required))
    lines = chain(blank, [first], lines)
    opening, ending = first.lstrip()[0], Path(path).suffix.lower()
    if ending in (".jsonl", ".ndjson") or (ending != ".csv" and opening == "{"):
        return line_records(lines, path)
    if ending == ".json" or (ending != ".csv" and opening == "["):
        return array_records("".join(lines), path)
    return csv_records(lines, path, required)


def _lines(stream: BinaryIO, path: str) -> Iterator[str]:
    for number, raw in enumerate(iter(partial(stream.readline, MAX_LINE), b""), 1):
        if len(raw) == MAX_LINE:
            raise InputError.at(
                path, number, "", f"is longer than {MAX_LINE >> 20} MiB; put each row on a line of its own"
            )
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise InputError.at(path, number, "", _no_utf8(raw)) from None


def _no_utf8(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16; save the file as UTF-8"
    if b"\0" in raw:
        return "is binary and no text; name a CSV, JSONL or JSON file"
    return "is not UTF-8; save the file as UTF-8"
