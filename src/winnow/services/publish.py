"""Gate 5, act: the only writer of an Item's state and tag.

Each change is a conditional update, so of two that race one wins and the other learns that it did not.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from winnow.core.errors import ConflictError
from winnow.ml.ranking import hotness
from winnow.models import Account, Event, Item, ModelVersion, Tag
from winnow.services import payloads
from winnow.services.follow import carry_feedback, return_feedback
from winnow.services.index import index_item
from winnow.services.log import record_event
from winnow.services.outbox import notify
from winnow.services.rank import rank_item

State = Item.State
SAID = "a person said that it is the same work"
WITHHELD = (State.DUPLICATE, State.REJECTED)
HELD = (State.ADMITTED, State.IN_REVIEW, State.PUBLISHED)


def enter_item(item: Item, *, state: State = State.ADMITTED, reason: str = "", detail: str = "") -> Item:
    """Save a new Item in its first state. A withheld one says why, and a duplicate already names its face."""
    item.state = state
    item.reason = reason
    item.reason_detail = detail[:500]
    item.hotness = hotness(1, item.dated_at.timestamp())
    item.save(force_insert=True)
    index_item(item)
    kinds = {State.ADMITTED: "item.admitted", State.REMOVED: "item.barred"}
    record_event(kinds.get(state, "item.withheld"), item=item, reason=reason, detail=item.reason_detail)
    if item.duplicate_of_id is not None:
        rank_item(item.duplicate_of_id)
    return item


@transaction.atomic(savepoint=False)
def publish_item(
    item: Item,
    *,
    tag: Tag,
    decided_by: Item.DecidedBy,
    account: Account | None = None,
    confidence: float | None = None,
    model_version: ModelVersion | None = None,
    is_held: bool = False,
) -> bool:
    """Show the Item under its tag. A model decides only what nobody decided before. False where it came too late.

    `is_held`: the model takes up what it, or one before it, left to people, who have not answered.
    """
    is_model = decided_by == Item.DecidedBy.MODEL
    before = snapshot(item)
    changes: dict[str, Any] = {
        "state": State.PUBLISHED,
        "tag": tag,
        "decided_by": decided_by,
        "reason": "",
        "reason_detail": "",
    }
    if is_model:
        changes |= {"confidence": confidence, "model_version": model_version, "likely_tag": tag}
    if item.published_at is None:
        changes["published_at"] = timezone.now()
    due = (State.IN_REVIEW,) if is_held else (State.ADMITTED,)
    if not _change(item, due if is_model else HELD, changes):
        return False
    kind = "item.retagged" if before["state"] == State.PUBLISHED else "item.published"
    record_event(kind, item=item, account=account, tag=tag.slug, decided_by=decided_by, before=before)
    notify(kind, payloads.of_item(item, before=before["tag_id"]))
    return True


@transaction.atomic(savepoint=False)
def hold_item(
    item: Item, *, likely_tag: Tag | None, confidence: float | None, model_version: ModelVersion | None, reason: str
) -> bool:
    """Keep an admitted Item for a person. False where it is not waiting for a decision any more."""
    changes = {
        "state": State.IN_REVIEW,
        "likely_tag": likely_tag,
        "confidence": confidence,
        "model_version": model_version,
        "reason_detail": reason[:500],
    }
    if not _change(item, (State.ADMITTED,), changes):
        return False
    record_event("item.held", item=item, reason=reason)
    return True


@transaction.atomic(savepoint=False)
def reopen_item(item: Item) -> bool:
    """Forget what a model decided: the Item is as if it had just come in. False where it is not held, or a person decided."""
    changes = {
        "state": State.ADMITTED,
        "tag": None,
        "likely_tag": None,
        "confidence": None,
        "model_version": None,
        "decided_by": "",
        "reason_detail": "",
    }
    return item.decided_by != Item.DecidedBy.PERSON and _change(item, HELD, changes)


def keep_answer(
    item: Item, *, likely_tag: Tag | None, confidence: float, model_version: ModelVersion, reason: str
) -> None:
    """What a newer model says of an Item that still waits for a person."""
    Item.objects.filter(pk=item.pk, state=State.IN_REVIEW).update(
        likely_tag=likely_tag, confidence=confidence, model_version=model_version, reason_detail=reason[:500]
    )


@transaction.atomic
def withhold_item(item: Item, *, reason: Item.Reason, detail: str, account: Account | None = None) -> bool:
    """Take an Item off the site, findable under its reason."""
    before = snapshot(item)
    changes = {"state": State.REJECTED, "reason": reason, "reason_detail": detail[:500], "tag": None}
    if not _change(item, HELD, changes):
        return False
    record_event("item.withheld", item=item, account=account, reason=reason, detail=detail, before=before)
    return True


@transaction.atomic
def mark_copy(item: Item, *, face: Item, account: Account | None = None, evidence: str = SAID) -> bool:
    """Let `face` stand for the Item too: from now on it is one more place where that work turned up.

    What readers said of the Item follows, and so do its own copies. The event holds all that undoing needs.
    """
    face = face.duplicate_of or face
    before = snapshot(item)
    if face.pk == item.pk:
        return False
    changes = {
        "state": State.DUPLICATE,
        "reason": "duplicate",
        "reason_detail": evidence[:500],
        "duplicate_of": face,
        "tag": None,
    }
    if not _change(item, HELD, changes):
        return False
    carried = list(item.duplicates.values_list("pk", flat=True))
    item.duplicates.update(duplicate_of=face)
    carry_feedback(item, face)
    record_event(
        "item.withheld",
        item=item,
        account=account,
        reason="duplicate",
        detail=item.reason_detail,
        face=face.pk,
        carried=carried,
        before=before,
    )
    rank_item(face.pk)
    return True


@transaction.atomic
def restore_item(item: Item, *, account: Account | None) -> bool:
    """Bring a withheld Item back: it waits for a person's decision."""
    before, face = snapshot(item), item.duplicate_of
    changes = {"state": State.IN_REVIEW, "reason": "", "reason_detail": "", "duplicate_of": None, "resembles": None}
    if not _change(item, WITHHELD, changes):
        return False
    record_event("item.restored", item=item, account=account, before=before)
    _leave(item, face)
    return True


@transaction.atomic
def remove_item(item: Item, *, account: Account, reason: str) -> bool:
    """Take an Item off the site for good, as its submitter or its rights ask for; its row stays. False where it is gone."""
    before = snapshot(item)
    if not _change(item, (*HELD, *WITHHELD), {"state": State.REMOVED, "reason_detail": reason[:500]}):
        return False
    record_event("item.removed", item=item, account=account, before=before, reason=reason)
    return True


@transaction.atomic
def revert_item(item: Item, *, before: dict[str, Any], account: Account) -> None:
    """Put an Item back as `before` (a snapshot) found it. Raises ConflictError where it is gone.

    What was taken down comes back by the undo of that alone, which is what `before` says of the newest removal.
    """
    face = item.duplicate_of
    removal = Event.objects.filter(item=item, kind="item.removed").order_by("-pk").first()
    is_undo = removal is not None and removal.data["before"] == before
    if not _change(item, (*HELD, *WITHHELD, *((State.REMOVED,) if is_undo else ())), before):
        raise ConflictError("this item has been removed; there is nothing to undo")
    if item.duplicate_of_id is None:
        _leave(item, face)
    record_event("item.reverted", item=item, account=account, state=before["state"], tag=before["tag_id"])


def snapshot(item: Item) -> dict[str, Any]:
    """What a person's decision changes, as plain JSON, so that it can be put back."""
    return {
        "state": str(item.state),
        "tag_id": item.tag_id,
        "decided_by": str(item.decided_by),
        "reason": str(item.reason),
        "reason_detail": item.reason_detail,
        "duplicate_of_id": item.duplicate_of_id,
    }


def _change(item: Item, allowed: Collection[str], changes: dict[str, Any]) -> bool:
    """One conditional update; on success the Item in hand bears what was written, else what is there."""
    if not Item.objects.filter(pk=item.pk, state__in=allowed).update(**changes):
        item.refresh_from_db()
        return False
    for name, value in changes.items():
        setattr(item, name, value)
    index_item(item)
    return True


def _leave(item: Item, face: Item | None) -> None:
    """What came to the face with a copy goes away with it: its own copies, what readers said of it, the heat."""
    if face is None:
        return
    merge = Event.objects.filter(item=item, kind="item.withheld", data__face=face.pk).order_by("-pk").first()
    carried = merge.data["carried"] if merge else []
    face.duplicates.filter(pk__in=carried).update(duplicate_of=item)
    return_feedback(item)
    rank_item(face.pk)
    rank_item(item.pk)
