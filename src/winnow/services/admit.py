"""Gate 2, keep: Candidates become Items, each in one short transaction, each once."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from winnow.core.text import clean
from winnow.core.urls import MAX_URL, site_of
from winnow.core.values import Candidate, Document
from winnow.ml.encoder import Progress
from winnow.ml.offtopic import OffTopicVerdict
from winnow.models import Account, Item, ItemBlock, ItemKey, Signal, Source
from winnow.services import publish, spam, topic
from winnow.services.encode import Vectors, encode, encoder, pack
from winnow.services.holders import KEYS_VERSION, Platform
from winnow.services.rank import rank_items
from winnow.services.screen import Outcome, Screened, Verdict, clean_document, judge, screened_of
from winnow.services.turns import take_turn

BATCH = 64
MAX_SITE = 255


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of one Candidate. `item` is the row that holds it now: its own, or the one that was here."""

    item: Item
    verdict: Verdict
    is_new: bool


def prepare(
    candidates: Sequence[Candidate], *, screens_topic: bool = True, progress: Progress | None = None
) -> list[Screened]:
    """Everything slow about the decision, outside any transaction: clean text, vectors, topic."""
    documents = [clean_document(candidate) for candidate in candidates]
    vectors = encode(documents, progress=progress)
    topics = _judge_topics(candidates, documents, vectors) if screens_topic else [None] * len(documents)
    rows = zip(candidates, documents, vectors, topics, strict=True)
    return [screened_of(*row) for row in rows]


def prepared(candidates: Sequence[Candidate]) -> Iterator[list[Screened]]:
    """The same batch by batch: while one is being admitted the next is made ready, since those wait for other things."""
    with ThreadPoolExecutor(max_workers=1) as ahead:
        starts = range(0, len(candidates), BATCH)
        coming = [ahead.submit(prepare, candidates[start : start + BATCH]) for start in starts[:1]]
        for start in starts:
            batch = coming.pop().result()
            following = candidates[start + BATCH : start + 2 * BATCH]
            if following:
                coming.append(ahead.submit(prepare, following))
            yield batch


def _judge_topics(
    candidates: Sequence[Candidate], documents: Sequence[Document], vectors: Vectors
) -> list[OffTopicVerdict]:
    """What the address says comes before what the text says."""
    by_text = topic.judge_topics(documents, vectors)
    return [spam.rules().judge_site(one.url) or told for one, told in zip(candidates, by_text, strict=True)]


def admit(screened: Screened, *, source: Source | None = None, account: Account | None = None) -> Admission:
    """Decide and store in one transaction. Entries that this source brought before are not stored again.

    One admission at a time on the whole platform, so that what is decided against is what is there: works may be the same
    without a key that both bear, and no constraint of the database would keep those apart.
    """
    with transaction.atomic():
        take_turn("admit")
        return _admit(screened, source, account)


def unseen(candidates: Iterable[Candidate], source: Source) -> list[Candidate]:
    """Those that this source has not brought before, each once."""
    fresh = {candidate.external_id: candidate for candidate in candidates}
    known = Item.objects.filter(source=source, external_id__in=list(fresh)).values_list("external_id", flat=True)
    for external_id in known:
        del fresh[external_id]
    return list(fresh.values())


def keep_signals(read: Iterable[tuple[int, Candidate]]) -> None:
    """Store what other places make of Items, as it was read just now; the newest reading of each stands."""
    signals = [
        Signal(item_id=pk, name=name[:20], value=value, read_at=candidate.signals_read_at or timezone.now())
        for pk, candidate in read
        for name, value in candidate.signals.items()
    ]
    Signal.objects.bulk_create(
        signals, update_conflicts=True, unique_fields=["item", "name"], update_fields=["value", "read_at"]
    )
    if signals:
        rank_items({signal.item_id for signal in signals})


def refresh_signals(candidates: Iterable[Candidate], source: Source) -> None:
    """Store the signals of entries that this source brought before."""
    counted = {candidate.external_id: candidate for candidate in candidates if candidate.signals}
    known = Item.objects.filter(source=source, external_id__in=list(counted)).values_list("pk", "external_id")
    keep_signals([(pk, counted[external_id]) for pk, external_id in known])


def _admit(screened: Screened, source: Source | None, account: Account | None) -> Admission:
    candidate = screened.candidate
    if source is not None:
        known = Item.objects.filter(source=source, external_id=candidate.external_id).first()
        if known is not None:
            return Admission(known, Verdict(Outcome.DUPLICATE, "here already", known.pk), is_new=False)
    verdict = _with_sender(judge(screened, Platform()), screened, account)
    item = _row(screened, source, account)
    if verdict.outcome is Outcome.ACCEPTED:
        item.resembles_id = _face_of(verdict)
        publish.enter_item(item)
    elif verdict.outcome is Outcome.DUPLICATE and _is_gone(_face_of(verdict)):
        # What was taken down does not come back by another road, and is not listed with what is withheld either.
        publish.enter_item(item, state=Item.State.REMOVED, detail="It was taken off the site before.")
    elif verdict.outcome is Outcome.DUPLICATE:
        item.duplicate_of_id = _face_of(verdict)
        publish.enter_item(item, state=Item.State.DUPLICATE, reason=Item.Reason.DUPLICATE, detail=verdict.reason)
    else:
        publish.enter_item(item, state=Item.State.REJECTED, reason=Item.Reason(verdict.outcome), detail=verdict.reason)
    _hold_keys(screened, item, verdict)
    keep_signals([(item.pk, candidate)])
    return Admission(item, verdict, is_new=True)


def _with_sender(verdict: Verdict, screened: Screened, account: Account | None) -> Verdict:
    """The verdict, or spam where the sender says more than the work."""
    if verdict.outcome not in (Outcome.ACCEPTED, Outcome.DUPLICATE):
        return verdict
    face = _face_of(verdict) if verdict.outcome is Outcome.DUPLICATE else None
    candidate = screened.candidate
    reason = spam.spam_by_sender(account=account, doc=screened.document, url=candidate.url, face_id=face)
    return Verdict(Outcome.SPAM, reason) if reason else verdict


def _row(screened: Screened, source: Source | None, account: Account | None) -> Item:
    candidate = screened.candidate
    now = timezone.now()
    dated_at = candidate.published_at if candidate.published_at and candidate.published_at <= now else now
    return Item(
        source=source,
        submitted_by=account,
        external_id=candidate.external_id,
        # What is no address is kept to be read, and has to be readable for that.
        url=candidate.url if candidate.fault is None else clean(candidate.url, MAX_URL),
        site=site_of(candidate.url)[:MAX_SITE],
        title=screened.document.title,
        description=screened.document.description,
        author=candidate.author[:300],
        dated_at=dated_at,
        vector=pack(screened.vector),
        encoder_sha256=encoder().sha256,
        links=list(candidate.links),
        keys_version=KEYS_VERSION,
    )


def _face_of(verdict: Verdict) -> int | None:
    """The number of the Item that the verdict names; rows of files, which have names of their own, are not met here."""
    return None if verdict.face is None else int(verdict.face)


def _is_gone(pk: int | None) -> bool:
    return pk is not None and Item.objects.filter(pk=pk, state=Item.State.REMOVED).exists()


def _hold_keys(screened: Screened, item: Item, verdict: Verdict) -> None:
    """Give the work its names. What is invalid names nothing; a copy keeps the names that only it brought."""
    if verdict.outcome is Outcome.INVALID:
        return
    ItemKey.objects.bulk_create((ItemKey(item=item, key=key) for key in screened.keys), ignore_conflicts=True)
    ItemBlock.objects.bulk_create(ItemBlock(item=item, block=block) for block in screened.blocks)
