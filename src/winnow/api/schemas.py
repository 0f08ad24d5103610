"""The shapes that go in and out. Unknown keys are refused."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from winnow.core.text import MAX_DESCRIPTION, MAX_TITLE
from winnow.core.urls import MAX_URL
from winnow.models import Item, Report, ReviewTask

MAX_BATCH = 256
# Longer texts are cut when they are cleaned; far longer ones are a mistake or an attack.
Title = Annotated[str, Field(min_length=1, max_length=MAX_TITLE * 10)]
Description = Annotated[str, Field(max_length=MAX_DESCRIPTION * 5)]
Slug = Annotated[str, Field(min_length=1, max_length=60)]


class Strict(BaseModel):
    """A body in which every key is known."""

    model_config = ConfigDict(extra="forbid")


class DocumentIn(Strict):
    """What a classifier sees of a work."""

    title: Title
    description: Description = ""


class ClassifyIn(Strict):
    """Documents to classify."""

    items: Annotated[list[DocumentIn], Field(max_length=MAX_BATCH)]


class AnswerOut(Schema):
    """One classification; on `review` there is no tag."""

    id: str | None = None
    tag: str | None
    confidence: float
    decision: str
    probabilities: dict[str, float]
    model: str | None


class AnswersOut(Schema):
    """Answers in the order of the documents."""

    items: list[AnswerOut]


class ItemIn(Strict):
    """A work to add."""

    url: Annotated[str, Field(min_length=1, max_length=MAX_URL)]
    title: Title
    description: Description = ""
    tag: Slug | None = None


class ItemOut(Schema):
    """A work that is held. `reason` says why it is withheld, where it is."""

    id: int
    url: str
    site: str
    title: str
    description: str
    tag: str | None
    confidence: float | None
    decided_by: str
    model_version: str | None
    state: str
    reason: str
    source: str | None
    duplicate_of: int | None
    n_sources: int
    dated_at: datetime
    published_at: datetime | None


class ItemsOut(Schema):
    """A page of a list; `next` is given back as `after`."""

    items: list[ItemOut]
    next: str | None


class CheckOut(Schema):
    """Whether an address, or the work behind it, is held."""

    known: bool
    item: ItemOut | None


class SubmittedOut(Schema):
    """What became of a work that was added."""

    status: str
    item: ItemOut
    duplicate_of: int | None


class ReportIn(Strict):
    """What is wrong; `{}` says that the tag is."""

    kind: Report.Kind = Report.Kind.WRONG_TAG
    tag: Slug | None = None
    duplicate_of: Annotated[int, Field(gt=0, lt=2**63)] | None = None
    note: Annotated[str, Field(max_length=2000)] = ""


class ReportOut(Schema):
    """A report that was stored."""

    id: int
    kind: str
    item: int
    is_new: bool


class TagOut(Schema):
    """An approved tag. `audited_precision` is `value`, `low`, `high` and `n`, and null until somebody has audited."""

    slug: str
    name: str
    description: str
    guideline: dict[str, Any]
    n_published: int
    n_waiting: int
    audited_precision: dict[str, float] | None = None


class TagsOut(Schema):
    """The approved list."""

    items: list[TagOut]
    next: str | None = None


class ClaimIn(Strict):
    """Nothing has to be said to claim a task."""


class WorkOut(Schema):
    """What a reviewer sees of a work: nothing that tells what the model or anybody said of it."""

    id: int
    url: str
    site: str
    title: str
    description: str
    dated_at: datetime


class TaskOut(Schema):
    """A claimed task. Of a blind one the reason is "blind", and what the model says is null."""

    id: int
    item: WorkOut
    reason: str
    likely_tag: str | None
    confidence: float | None
    lease_until: datetime | None


class ClaimedOut(Schema):
    """The task that is yours now, or null."""

    task: TaskOut | None


class LabelIn(Strict):
    """An answer to a task."""

    tag: Slug | None
    note: Annotated[str, Field(max_length=2000)] = ""


class LabelOut(Schema):
    """An answer that is stored; `counts` says whether it decided."""

    id: int
    task: int
    item: int
    tag: str | None
    counts: bool


def task_out(task: ReviewTask) -> dict[str, Any]:
    """A task as the API shows it."""
    item, is_shown = task.item, not task.is_blind
    work = {name: getattr(item, name) for name in ("url", "site", "title", "description")}
    return {
        "id": task.pk,
        "item": {"id": item.pk, **work, "dated_at": item.dated_at.isoformat()},
        "reason": str(task.reason) if is_shown else "blind",
        "likely_tag": item.likely_tag_id if is_shown else None,
        "confidence": item.confidence if is_shown else None,
        "lease_until": task.lease_until and task.lease_until.isoformat(),
    }


def item_out(item: Item) -> dict[str, Any]:
    """An Item as the API shows it."""
    return {
        "id": item.pk,
        "url": item.url,
        "site": item.site,
        "title": item.title,
        "description": item.description,
        "tag": item.tag_id,
        "confidence": item.confidence,
        "decided_by": item.decided_by,
        "model_version": item.model_version.ref if item.model_version else None,
        "state": item.state,
        "reason": item.reason,
        "source": item.source.name if item.source else None,
        "duplicate_of": item.duplicate_of_id,
        "n_sources": 1 + getattr(item, "n_copies", 0),
        "dated_at": item.dated_at.isoformat(),
        "published_at": item.published_at and item.published_at.isoformat(),
    }
