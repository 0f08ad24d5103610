"""Labels as other tools write and read them: Label Studio JSON, doccano JSONL, CSV and plain JSONL.

The shapes are those that the tools export: Label Studio's tasks with `annotations` whose `result` holds `choices`, and
doccano's documents with `label` as a list. What a tool has no place for stands beside, under names that it leaves alone.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from winnow.core.errors import InputError

# Spreadsheets take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CHOICE = {"from_name": "tag", "to_name": "text", "type": "choices"}


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """One work with what was said of it; empty where nothing was. `confidence` belongs to `predicted`, the model's tag."""

    id: str
    url: str
    title: str
    description: str
    tag: str = ""
    annotator: str = ""
    labelled_at: str = ""
    note: str = ""
    predicted: str = ""
    confidence: float | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A record that was read, with the line or the place in the list that it stood at, or what is wrong with it."""

    line: int
    record: LabelRecord | None
    field: str = ""
    reason: str = ""


def write_labels(records: Iterable[LabelRecord], form: str) -> Iterator[str]:
    """The text of a file in pieces. Raises InputError for a format that is none."""
    return _form(form).write(records)


def read_labels(text: str, form: str) -> list[Numbered]:
    """Every record of a file, sound or not. Raises InputError where the file as a whole cannot be read."""
    return [_numbered(line, fields_) for line, fields_ in _form(form).read(text)]


def _numbered(line: int, given: Any) -> Numbered:
    """A record from the fields of a row, or the first that is wrong with them."""
    if isinstance(given, str):
        return Numbered(line, None, "row", given)
    for name in ("id", "url", "title", "description", "tag", "annotator", "labelled_at", "note", "predicted", "model"):
        if not isinstance(given.get(name, ""), str):
            return Numbered(line, None, name, "is no text")
    confidence = given.get("confidence")
    if confidence is not None and (isinstance(confidence, bool) or not isinstance(confidence, int | float)):
        return Numbered(line, None, "confidence", "is no number")
    return Numbered(line, LabelRecord(**{name: given[name] for name in _NAMES if name in given}))


_NAMES = tuple(field.name for field in fields(LabelRecord))
_WORK = ("url", "title", "description")
_REQUIRED = ("id", *_WORK)


def _write_jsonl(records: Iterable[LabelRecord]) -> Iterator[str]:
    for record in records:
        yield _line(asdict(record))


def _read_jsonl(text: str) -> Iterator[tuple[int, Any]]:
    for line, value in _lines(text):
        yield line, value if isinstance(value, str) else {**dict.fromkeys(_REQUIRED, ""), **value}


def _write_doccano(records: Iterable[LabelRecord]) -> Iterator[str]:
    for record in records:
        beside = {
            name: value for name, value in asdict(record).items() if name not in ("title", "description", "tag", "note")
        }
        text = f"{record.title}\n\n{record.description}" if record.description else record.title
        comments = [record.note] if record.note else []
        yield _line({"text": text, "label": [record.tag] if record.tag else [], "Comments": comments, **beside})


def _read_doccano(text: str) -> Iterator[tuple[int, Any]]:
    for line, value in _lines(text):
        yield line, value if isinstance(value, str) else _of_doccano(value)


def _of_doccano(value: Mapping[str, Any]) -> Any:
    labels, comments = value.get("label", []), value.get("Comments", [])
    if not isinstance(value.get("text"), str):
        return "text: is missing"
    if not isinstance(labels, list) or len(labels) > 1:
        return "label: is no list of one tag at most"
    title, _, description = value["text"].partition("\n\n")
    said = {"title": title, "description": description, "tag": labels[0] if labels else ""}
    note = {"note": comments[0]} if isinstance(comments, list) and comments else {}
    beside = {name: value[name] for name in _NAMES if name in value and name not in (*said, "note")}
    return {"url": "", **beside, "id": str(value.get("id", "")), **said, **note}


def _write_label_studio(records: Iterable[LabelRecord]) -> Iterator[str]:
    yield json.dumps([_to_label_studio(record) for record in records], ensure_ascii=False, indent=1) + "\n"


def _to_label_studio(record: LabelRecord) -> dict[str, Any]:
    """A task. Label Studio takes no annotator whom it does not know, and numbers tasks anew: so both stand beside."""
    data = {name: getattr(record, name) for name in ("url", "title", "description")}
    said = {"annotator": record.annotator, "labelled_at": record.labelled_at, "note": record.note}
    guess = {"model_version": record.model, "score": record.confidence, "result": _result(record.predicted)}
    return {
        "data": data | {"item": record.id, "text": f"{record.title}\n\n{record.description}"},
        "meta": {name: value for name, value in said.items() if value},
        "annotations": [{"created_at": record.labelled_at, "result": _result(record.tag)}] if record.tag else [],
        "predictions": [guess] if record.predicted else [],
    }


def _read_label_studio(text: str) -> Iterator[tuple[int, Any]]:
    value = _json(text)
    if not isinstance(value, list):
        raise InputError("no list of tasks: export JSON from Label Studio, not JSON-MIN")
    for place, task in enumerate(value, start=1):
        yield place, _of_label_studio(task)


def _of_label_studio(task: Any) -> Any:
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        return "data: is missing"
    said, guessed = _standing(task.get("annotations")), _standing(task.get("predictions"))
    if said is None or guessed is None:
        return "annotations: is no list"
    tags = [_choice(one) for one in said]
    # Of many models the one that answered last counts.
    guess = guessed[-1] if guessed else {}
    predicted = _choice(guess)
    if None in tags or predicted is None:
        return "result: is no single choice"
    if len(set(tags)) > 1:
        return "annotations: people disagree about it; settle it there first"
    row = {
        **_work(task),
        **_opinion(said[-1] if said else {}, task.get("meta")),
        "tag": tags[-1] if tags else "",
        "predicted": predicted,
        "model": guess.get("model_version", ""),
    }
    return row | ({"confidence": guess["score"]} if guess.get("score") is not None else {})


def _work(task: Mapping[str, Any]) -> dict[str, Any]:
    """The work of a task; its title is the first part of its text where a task was not made here."""
    data, text = task["data"], task["data"].get("text", "")
    title, _, description = text.partition("\n\n") if isinstance(text, str) else ("", "", "")
    named = {"url": "", "title": title, "description": description} | {
        name: data[name] for name in _WORK if name in data
    }
    return {"id": str(data.get("item", task.get("id", "")))} | named


def _opinion(said: Mapping[str, Any], meta: Any) -> dict[str, Any]:
    """Who said it, when, with which note: as Label Studio has it, else as it was taken there."""
    beside = meta if isinstance(meta, dict) else {}
    by = said.get("completed_by")
    who = by.get("email", by.get("id", "")) if isinstance(by, dict) else by
    return {
        "annotator": beside.get("annotator", "") if by is None else str(who),
        "labelled_at": said.get("created_at") or beside.get("labelled_at", ""),
        "note": beside.get("note", ""),
    }


def _standing(given: Any) -> list[dict[str, Any]] | None:
    """Those of a list that were not cancelled, as they came; None where it is no list of objects."""
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        return None
    return [one for one in given if not one.get("was_cancelled")]


def _choice(given: Mapping[str, Any]) -> str | None:
    """The tag of a result; "" where there is none, None where there are more."""
    try:
        chosen = [choice for part in given.get("result", []) for choice in part["value"]["choices"]]
    except (TypeError, KeyError):
        return None
    return None if len(chosen) > 1 else chosen[0] if chosen else ""


def _result(tag: str) -> list[dict[str, Any]]:
    return [{**CHOICE, "value": {"choices": [tag]}}] if tag else []


def _write_csv(records: Iterable[LabelRecord]) -> Iterator[str]:
    yield _row(_NAMES)
    for record in records:
        yield _row(_inert(value) for value in asdict(record).values())


def _read_csv(text: str) -> Iterator[tuple[int, Any]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    missing = [name for name in ("title",) if name not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"the first row names no column {missing[0]!r}")
    for row in reader:
        if None in row or None in row.values():
            yield reader.line_num, "has more or fewer cells than the first row"
            continue
        given: dict[str, Any] = {name: _bare(row[name]) for name in _NAMES if name in row}
        try:
            given["confidence"] = float(given["confidence"]) if given.get("confidence") else None
        except ValueError:
            yield reader.line_num, "confidence: is no number"
            continue
        yield reader.line_num, {**dict.fromkeys(_REQUIRED, ""), **given}


def _inert(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith((*FORMULA, "'")) else text


def _bare(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith((*FORMULA, "'")) else text


def _row(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(list(cells))
    return out.getvalue()


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _lines(text: str) -> Iterator[tuple[int, Any]]:
    """Each line that is not empty with its number: an object, or in words why it is none."""
    for line, raw in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not raw.strip():
            continue
        try:
            value = json.loads(raw)
        except (ValueError, RecursionError):
            yield line, "is no JSON"
            continue
        yield line, value if isinstance(value, dict) else "is no JSON object"


def _json(text: str) -> Any:
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"is no JSON ({str(error)[:80]})") from error


@dataclass(frozen=True, slots=True)
class _Form:
    write: Callable[[Iterable[LabelRecord]], Iterator[str]]
    read: Callable[[str], Iterator[tuple[int, Any]]]


_FORMS = {
    "jsonl": _Form(_write_jsonl, _read_jsonl),
    "csv": _Form(_write_csv, _read_csv),
    "doccano": _Form(_write_doccano, _read_doccano),
    "label-studio": _Form(_write_label_studio, _read_label_studio),
}
FORMATS = tuple(_FORMS)


def _form(name: str) -> _Form:
    if name not in _FORMS:
        raise InputError(f"--format: {name!r} is none of {', '.join(FORMATS)}")
    return _FORMS[name]
