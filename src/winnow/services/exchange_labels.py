"""Labels to and from other tools, in one transaction, each once."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

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

    What names no work here, or no approved tag, is refused by line and left out. Sent again, it is the same label.
    Raises InputError where the file cannot be read.
    """
    tags = {tag.slug: tag for tag in approved_tags()}
    rows = [row for row in read_labels(_text(path), form) if row.record is None or row.record.tag]
    with transaction.atomic():
        refused = [refusal for row in rows if (refusal := _take(row, tags, form)) is not None]
        record_event("labels.imported", is_public=False, file=path.name, n=len(rows), n_refused=len(refused))
    return Imported(len(rows) - len(refused), tuple(refused))


def _labelled() -> Iterator[LabelRecord]:
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    standing = Label.objects.filter(is_gold=True, undoes=None, tag__isnull=False).exclude(is_undone)
    for label in standing.select_related("item", "account").order_by("pk").iterator():
        by = label.annotator or (f"account {label.account_id}" if label.account_id else "starter")
        at = label.created_at.isoformat(timespec="seconds")
        said: dict[str, Any] = {"tag": str(label.tag_id), "annotator": by, "labelled_at": at, "note": label.note}
        yield LabelRecord(**_work(label.item), **said, **_guess(label.item))


def _waiting() -> Iterator[LabelRecord]:
    tasks = (
        ReviewTask.objects.filter(closed_at=None, for_account=None).select_related("item").order_by("-priority", "pk")
    )
    for task in tasks.iterator():
        yield LabelRecord(**_work(task.item), **({} if task.is_blind else _guess(task.item)))


def _work(item: Item) -> dict[str, Any]:
    return {"id": str(item.pk), "url": item.url, "title": item.title, "description": item.description}


def _guess(item: Item) -> dict[str, Any]:
    newest = Prediction.objects.filter(item=item).select_related("model_version").order_by("-pk").first()
    if newest is None or not newest.tag:
        return {}
    return {"predicted": newest.tag, "confidence": round(newest.confidence, 6), "model": newest.model_version.ref}


def _take(row: Numbered, tags: dict[str, Tag], form: str) -> Refusal | None:
    record = row.record
    if record is None:
        return Refusal(row.line, row.field, row.reason)
    if record.tag not in tags:
        return Refusal(row.line, "tag", f"{record.tag[:60]!r} is not approved; use one of {', '.join(tags)}")
    item = _named(record)
    if item is None:
        return Refusal(row.line, "id", "names no work that is held here, nor does its address")
    key = f"{form}:{hashlib.sha256(repr(sorted(asdict(record).items())).encode()).hexdigest()}"[:100]
    if not Label.objects.filter(item=item, key=key).exists():
        _give(item, tags[record.tag], record, key)
    return None


def _give(item: Item, tag: Tag, record: LabelRecord, key: str) -> None:
    Label.objects.create(
        item=item,
        tag=tag,
        is_gold=True,
        guideline=guideline_of(tag),
        annotator=clean(record.annotator, 80) or "imported",
        note=clean(record.note, 500),
        key=key,
    )
    publish.publish_item(item, tag=tag, decided_by=Item.DecidedBy.PERSON)


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
