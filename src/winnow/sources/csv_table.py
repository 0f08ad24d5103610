"""CSV as RFC 4180 has it, with the names of the columns in the first line."""

import csv
from collections.abc import Collection, Iterable, Iterator

from winnow.core.errors import InputError
from winnow.sources.records import MAX_FIELD, Record

# By the beginning of what the csv module says.
_REASONS = {
    "unexpected end of data": "a quote that is opened here is never closed; is the file cut off?",
    "field larger": f"a field is longer than {MAX_FIELD:,} characters; shorten it, or close the quote that is left open",
    "new-line character": "a line ends in a bare carriage return; save the file with LF or CRLF line ends",
}


def csv_records(lines: Iterable[str], path: str, required: Collection[str]) -> Iterator[Record]:
    """Records in their order; columns with other names are handed on as well. Raises InputError."""
    rows = _numbered(lines, path)
    line, header = next(rows)
    names = [name.strip().lower() for name in header]
    _check_header(names, required, path, line)
    for line, values in rows:
        if len(values) != len(names):
            reason = (
                f"has {len(values)} columns where the header has {len(names)}; is the line cut off, or a quote missing?"
            )
            raise InputError.at(path, line, "", reason)
        yield Record(line, dict(zip(names, values, strict=True)))


def _numbered(lines: Iterable[str], path: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with the line where each starts: a quoted field may run over several."""
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(lines, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader, None)
        except csv.Error as error:
            known = (reason for start, reason in _REASONS.items() if str(error).startswith(start))
            raise InputError.at(
                path, line, "", next(known, "is no proper CSV; quotes inside of a field are doubled")
            ) from None
        if values is None:
            return
        if values:
            yield line, values


def _check_header(names: list[str], required: Collection[str], path: str, line: int) -> None:
    if any(not name.isprintable() for name in names):
        raise InputError.at(path, line, "", "is binary and no text; name a CSV, JSONL or JSON file")
    for name in required:
        if name not in names:
            reason = (
                f"there is no such column; the first line names the columns, separated by commas: {','.join(required)}"
            )
            raise InputError.at(path, line, name, reason)
        if names.count(name) > 1:
            raise InputError.at(path, line, name, "two columns have this name; rename one of them")
