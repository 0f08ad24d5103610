"""A submitter changes title and description of their work, for a while: it is screened and decided anew.

Where a person has decided, their decision stands, and people are asked to look at the new text.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError
from winnow.core.text import document
from winnow.core.values import Candidate, Document
from winnow.models import Account, Item, ItemBlock, ItemKey, Label, ReviewTask
from winnow.services import publish
from winnow.services.admit import prepare
from winnow.services.classify import classify_admitted
from winnow.services.encode import encoder, pack
from winnow.services.holders import KEYS_VERSION, Platform
from winnow.services.index import index_item
from winnow.services.log import record_event
from winnow.services.quota import take_edit
from winnow.services.review import are_apart, open_task
from winnow.services.screen import Holder, Outcome, Screened, Verdict, judge
from winnow.services.turns import take_turn

Reason = ReviewTask.Reason
PRIORITY = 1.6
# What people said or asked of a work holds for its new text too; what the old text alone raised does not.
LASTING = (Reason.GOLD, Reason.REPORTED, Reason.APPEAL, Reason.TAKE_DOWN, Reason.DISAGREEMENT, Reason.EDITED)


def may_edit(item: Item, account: Account) -> bool:
    """Whether this person may change the work now: their own, on the site or waiting, and not for long yet."""
    is_young = timezone.now() - item.admitted_at < timedelta(hours=settings.EDIT_HOURS)
    return item.submitted_by_id == account.pk and item.state in publish.HELD and is_young


def edit_submission(*, item: Item, account: Account, title: str, description: str) -> Item:
    """Give the work a new text, and decide about it anew where no person has decided.

    Raises ConflictError where it may not be changed (any more), InputError without a title, TooManyError.
    """
    _check(item, account)
    doc = document(title, description)
    if not doc.title:
        raise InputError("title: empty; give the name of the work")
    if (doc.title, doc.description) == (item.title, item.description):
        return item
    take_edit(account=account)
    item = _store(item.pk, account, prepare([_candidate(item, doc)])[0])
    classify_admitted()
    item.refresh_from_db()
    return item


def _candidate(item: Item, doc: Document) -> Candidate:
    return Candidate(
        item.external_id,
        doc.title,
        doc.description,
        item.url,
        published_at=item.dated_at,
        author=item.author,
        links=tuple(item.links),
    )


@transaction.atomic
def _store(pk: int, account: Account, screened: Screened) -> Item:
    """As admissions do, one at a time on the whole platform, and against answers about this very Item."""
    take_turn("admit")
    item = Item.objects.select_for_update(no_key=True).get(pk=pk)
    _check(item, account)
    verdict = judge(screened, _Others(item))
    face = Item.objects.filter(pk=verdict.face).first() if verdict.face else None
    if face is not None and face.state == Item.State.REMOVED:
        raise ConflictError("a work with this text was taken off the site")
    _write(item, account, screened)
    if _is_decided_by_people(item):
        open_task(item=item, reason=Reason.EDITED, priority=PRIORITY)
    else:
        _decide_anew(item, verdict, face)
    return item


def _check(item: Item, account: Account) -> None:
    if not may_edit(item, account):
        raise ConflictError("this work cannot be changed (any more); appeal where its decision is wrong")


class _Others(Platform):
    """All that is held but the Item itself and its copies."""

    def __init__(self, item: Item) -> None:
        self._own = item.pk

    def holders(self, keys: Sequence[str]) -> Mapping[str, Holder]:
        """Who else holds these keys."""
        return {key: holder for key, holder in super().holders(keys).items() if holder.id != self._own}

    def neighbours(self, blocks: Sequence[int], *, beside: Iterable[int] = ()) -> Sequence[Holder]:
        """What else shares a block."""
        found = super().neighbours(blocks, beside=[*beside, self._own])
        return [holder for holder in found if holder.id != self._own]


def _write(item: Item, account: Account, screened: Screened) -> None:
    """The text with all that is made of it: vector, names, blocks; what it was stands in the log."""
    was = {"title": item.title, "description": item.description}
    item.title, item.description = screened.document.title, screened.document.description
    item.vector, item.encoder_sha256 = pack(screened.vector), encoder().sha256
    item.keys_version = KEYS_VERSION
    item.save(update_fields=["title", "description", "vector", "encoder_sha256", "keys_version"])
    index_item(item)
    item.keys.filter(key__startswith="text:").exclude(key__in=screened.keys).delete()
    ItemKey.objects.bulk_create((ItemKey(item=item, key=key) for key in screened.keys), ignore_conflicts=True)
    item.blocks.all().delete()
    ItemBlock.objects.bulk_create(ItemBlock(item=item, block=block) for block in screened.blocks)
    record_event("item.edited", item=item, account=account, was=was)


def _is_decided_by_people(item: Item) -> bool:
    said = Label.objects.filter(item=item, is_gold=True, undoes=None, undone_by=None)
    return item.decided_by == Item.DecidedBy.PERSON or said.exists()


def _decide_anew(item: Item, verdict: Verdict, face: Item | None) -> None:
    """What another work resembles now is a question for a person: what is shown is put behind nothing by itself."""
    asked = ReviewTask.objects.filter(item=item, closed_at=None).exclude(reason__in=LASTING)
    asked.update(closed_at=timezone.now())
    if verdict.outcome in (Outcome.OFF_TOPIC, Outcome.SPAM):
        publish.withhold_item(item, reason=Item.Reason(verdict.outcome), detail=verdict.reason)
        return
    item.resembles = None if face is None or are_apart(item, face) else face
    item.save(update_fields=["resembles"])
    publish.reopen_item(item)
