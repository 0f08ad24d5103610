"""Labels to and from other tools, in one transaction, each once."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from winnow.core.errors import InputError
from winnow.core.label_formats import LabelRecord, Numbered, read_labels, write_labels
from winnow.core.text import clean
from winnow.models import Item, Label, Prediction, ReviewTask, Tag
from winnow.queries.items import item_at
from winnow.queries.tags import approved_tags
from winnow.services import publish
from winnow.services.guidelines import guideline_of
from winnow.services.import_rows import Imported, Refusal
from winnow.services.log import record_event
from winnow.services.review import close_work
from winnow.services.turns import take_turn
from winnow.sources.dates import parse_iso

WHAT = ("labels", "tasks")
MAX_BYTES = 64 * 2**20


def export_labels(form: str, *, what: str = "labels") -> Iterator[str]:
    """A file in pieces: every label that stands, with who gave it and what the model said, or the works that wait.

    Blind tasks say nothing of the model here either. Raises InputError for a format or a kind that is none.
    """
    if what not in WHAT:
        raise InputError(f"--what: {what!r} is none of {', '.join(WHAT)}")
    return write_labels(_labelled() if what == "labels" else _waiting(), form)


def import_labels(path: Path, form: str) -> Imported:
    """Take every label of a file: gold of the work that it names, by id or by address, which is published so.

    What names no work here, or one that is withheld, no approved tag or no time that can have been, is refused by line
    and left out. Sent again, in whatever form, it is the same label, and so is one that was given here and only went out.
    Raises InputError where the file cannot be read.
    """
    tags = {tag.slug: tag for tag in approved_tags()}
    rows = [row for row in read_labels(_text(path), form) if row.record is None or row.record.tag]
    with transaction.atomic():
        take_turn("labels")
        refused = [refusal for row in rows if (refusal := _take(row, tags)) is not None]
        record_event("labels.imported", is_public=False, file=path.name, n=len(rows), n_refused=len(refused))
    return Imported(len(rows) - len(refused), tuple(refused))


def _labelled() -> Iterator[LabelRecord]:
    for label in _standing().select_related("item").order_by("pk").iterator():
        said: dict[str, Any] = {
            "tag": str(label.tag_id),
            "annotator": _name(label),
            "labelled_at": _time(label),
            "note": label.note,
        }
        yield LabelRecord(**_work(label.item), **said, **_guess(label.item))


def _standing() -> QuerySet[Label]:
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    return Label.objects.filter(is_gold=True, undoes=None, tag__isnull=False).exclude(is_undone)


def _name(label: Label) -> str:
    """Who gave a label: a number, never a name of ours; as it was said elsewhere, where it came from there."""
    return label.annotator or (f"account {label.account_id}" if label.account_id else "starter")


def _time(label: Label) -> str:
    return label.created_at.astimezone(UTC).isoformat(timespec="seconds")


def _waiting() -> Iterator[LabelRecord]:
    """Each work once, whatever it waits for; one blind task of it is enough to say nothing of the model."""
    tasks = ReviewTask.objects.filter(closed_at=None, for_account=None)
    blind = set(tasks.filter(is_blind=True).values_list("item_id", flat=True))
    seen = set[int]()
    for task in tasks.select_related("item").order_by("-priority", "pk").iterator():
        if task.item_id not in seen:
            seen.add(task.item_id)
            yield LabelRecord(**_work(task.item), **({} if task.item_id in blind else _guess(task.item)))


def _work(item: Item) -> dict[str, Any]:
    return {"id": str(item.pk), "url": item.url, "title": item.title, "description": item.description}


def _guess(item: Item) -> dict[str, Any]:
    newest = Prediction.objects.filter(item=item).select_related("model_version").order_by("-pk").first()
    if newest is None or not newest.tag:
        return {}
    return {"predicted": newest.tag, "confidence": round(newest.confidence, 6), "model": newest.model_version.ref}


def _take(row: Numbered, tags: dict[str, Tag]) -> Refusal | None:
    record = row.record
    if record is None:
        return Refusal(row.line, row.field, row.reason)
    if record.tag not in tags:
        return Refusal(row.line, "tag", f"{record.tag[:60]!r} is not approved; use one of {', '.join(tags)}")
    item = _named(record)
    if item is None:
        return Refusal(row.line, "id", "names no work that is held here, nor does its address")
    if item.state in publish.WITHHELD:
        return Refusal(row.line, "id", f"names work {item.pk}, which is withheld; restore it first")
    try:
        at = _moment(record.labelled_at)
    except ValueError as error:
        return Refusal(row.line, "labelled_at", str(error)[:200])
    _give(item, tags[record.tag], record, at)
    return None


def _moment(text: str) -> datetime | None:
    """When it was said, None where nobody wrote that down. Raises ValueError for what is no time, or is to come."""
    at = parse_iso(text) if text else None
    if at is not None and at > timezone.now():
        raise ValueError(f"{text} is still to come")
    return at


def _give(item: Item, tag: Tag, record: LabelRecord, at: datetime | None) -> None:
    """One label, unless it is here: taken in before, or given here in the first place."""
    annotator = clean(record.annotator, 80) or "imported"
    said = json.dumps([item.pk, tag.slug, annotator, at.isoformat() if at else ""])
    key = f"import:{hashlib.sha256(said.encode()).hexdigest()}"
    own = _standing().filter(item=item, tag=tag, annotator="")
    if Label.objects.filter(item=item, key=key).exists() or (annotator, at) in {
        (_name(one), _second(one)) for one in own
    }:
        return
    label = Label.objects.create(
        item=item,
        tag=tag,
        is_gold=True,
        guideline=guideline_of(tag),
        annotator=annotator,
        note=clean(record.note, 500),
        key=key,
    )
    if at is not None:  # when it was said, not when it came
        Label.objects.filter(pk=label.pk).update(created_at=at)
    publish.publish_item(item, tag=tag, decided_by=Item.DecidedBy.PERSON)
    close_work(item)


def _second(label: Label) -> datetime:
    return label.created_at.astimezone(UTC).replace(microsecond=0)


def _named(record: LabelRecord) -> Item | None:
    """The work that a record means: by its number where title or address agree with it, else by its address."""
    if record.id.isdecimal() and len(record.id) < 19:
        item = Item.objects.exclude(state=Item.State.REMOVED).filter(pk=int(record.id)).first()
        if item is not None and (item.title == clean(record.title) or (record.url and item.url == record.url)):
            return item
    return item_at(record.url) if record.url else None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: more than {MAX_BYTES >> 20} MiB; split it")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error
