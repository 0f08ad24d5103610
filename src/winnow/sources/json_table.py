"""Records in JSON: one object a line, or one array of objects."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from winnow.core.errors import InputError
from winnow.sources.records import MAX_FIELD, Record
from winnow.sources.strict_json import DECODER, AmbiguousJSONError

_SPACE = re.compile(r"[ \t\r\n]*")


def line_records(lines: Iterable[str], path: str) -> Iterator[Record]:
    """One record for each line that is not blank. Raises InputError."""
    for number, line in enumerate(lines, 1):
        text = line.strip(" \t\r\n")
        if text:
            value, end = _decode(text, 0, path, number)
            if end != len(text):
                raise InputError.at(path, number, "", "holds more than one object; put each on a line of its own")
            yield _record(value, path, number)


def array_records(text: str, path: str) -> Iterator[Record]:
    """One record for each object of the array that the file is. Raises InputError."""
    position, line, seen = _skip(text, 0), 1, 0
    if text[position] != "[":
        raise InputError.at(path, 1, "", "is no array of objects; write [{...}, {...}], or one object a line (.jsonl)")
    separator = "["
    while text[position : position + 1] == separator:
        position = _skip(text, position + 1)
        line, seen = line + text.count("\n", seen, position), position
        if separator == "[" and text.startswith("]", position):
            break
        value, position = _decode(text, position, path, line)
        yield _record(value, path, line)
        position = _skip(text, position)
        separator = ","
    line += text.count("\n", seen, position)
    if not text.startswith("]", position):
        raise InputError.at(path, line, "", "a comma or the end of the array is missing; is the file cut off?")
    if _skip(text, position + 1) != len(text):
        raise InputError.at(path, line, "", "something follows the end of the array; remove it")


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _decode(text: str, position: int, path: str, line: int) -> tuple[Any, int]:
    try:
        return DECODER.raw_decode(text, position)
    except AmbiguousJSONError as error:
        raise InputError.at(path, line, "", f"{error}; mend it where the file is made") from None
    except RecursionError:
        raise InputError.at(path, line, "", "is nested too deep; a row is a flat object") from None
    except ValueError:
        raise InputError.at(path, line, "", "is no JSON object; is the line or the file cut off?") from None


def _record(value: Any, path: str, line: int) -> Record:
    if not isinstance(value, dict):
        raise InputError.at(path, line, "", 'is no JSON object; write each row as {"id": ..., "title": ...}')
    for field, held in value.items():
        if isinstance(held, str) and len(held) > MAX_FIELD:
            raise InputError.at(path, line, field, f"is longer than {MAX_FIELD:,} characters; shorten it")
    return Record(line, value)
