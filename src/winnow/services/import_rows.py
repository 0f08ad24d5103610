"""Take a row file in, in one transaction: all of its good rows or none."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from winnow.core.errors import InputError
from winnow.core.text import fingerprint
from winnow.core.values import Candidate
from winnow.ml.encoder import Progress
from winnow.models import Item, Label, Tag
from winnow.queries.tags import approved_tags
from winnow.services import publish
from winnow.services.admit import admit, prepare
from winnow.services.classify import classify_admitted
from winnow.services.log import record_event
from winnow.services.screen import Outcome, Screened
from winnow.sources.rows import Row, read_rows


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was left out: where, which field, and why."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows came in, and those that did not."""

    accepted: int
    refused: tuple[Refusal, ...]


def import_file(path: Path, *, progress: Progress | None = None) -> Imported:
    """Admit every row; a row with a tag is published under it, decided by a person.

    Raises InputError for the first malformed row: then nothing of the file is stored.
    Rows that are here already, or twice in the file, are refused by line and left out.
    """
    tags = {tag.slug: tag for tag in approved_tags()}
    rows = [_sound(path, row, tags) for row in read_rows(path)]
    tagged = prepare([_candidate(row) for row in rows if row.tag], screens_topic=False, progress=progress)
    untagged = prepare([_candidate(row) for row in rows if not row.tag], progress=progress)
    by_line = {screened.candidate.line: screened for screened in (*tagged, *untagged)}
    with transaction.atomic():
        refused = [_import_row(row, by_line[row.line], tags) for row in rows]
        refusals = tuple(refusal for refusal in refused if refusal is not None)
        record_event("rows.imported", is_public=False, file=path.name, n=len(rows), n_refused=len(refusals))
    classify_admitted()
    return Imported(len(rows) - len(refusals), refusals)


def _sound(path: Path, row: Row, tags: dict[str, Tag]) -> Row:
    """The row, unless it is malformed."""
    if row.fault is not None:
        raise InputError.at(path, row.line, row.fault.field, row.fault.reason)
    if row.tag and row.tag not in tags:
        raise InputError.at(path, row.line, "tag", f"{row.tag!r} is not approved; use one of {', '.join(tags)}")
    return row


def _candidate(row: Row) -> Candidate:
    return Candidate(
        external_id=fingerprint(f"{row.id} {row.title} {row.description} {row.url}"),
        title=row.title,
        description=row.description,
        url=row.url,
        published_at=row.created_on,
        tag=row.tag,
        line=row.line,
    )


def _import_row(row: Row, screened: Screened, tags: dict[str, Tag]) -> Refusal | None:
    """Store one row, or say why not. A copy of something here leaves no row behind."""
    sid = transaction.savepoint()
    admission = admit(screened)
    if admission.verdict.outcome is Outcome.DUPLICATE:
        transaction.savepoint_rollback(sid)
        return Refusal(row.line, "url" if row.url else "title", f"here already: {admission.verdict.reason}")
    transaction.savepoint_commit(sid)
    if row.tag:
        _publish_gold(admission.item, tags[row.tag])
    return None


def _publish_gold(item: Item, tag: Tag) -> None:
    Label.objects.create(item=item, tag=tag, is_gold=True)
    publish.publish_item(item, tag=tag, decided_by=Item.DecidedBy.PERSON)
