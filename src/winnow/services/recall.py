"""Look for works of a tag that were put under another one, or that wait: gathered into the queue.

Readers' reports first, then the nearest to the tag's gold, then what the model is unsure of; a part is drawn at random
from all that is left, so that it is seen how much the other ways miss.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from itertools import islice

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from winnow.core.text import document
from winnow.core.values import Example
from winnow.ml.recall import nearness
from winnow.ml.splits import group_examples
from winnow.models import Account, Item, RecallDraw, ReviewTask, Tag
from winnow.queries.datasets import GoldRow, gold_rows
from winnow.queries.recall import recall_candidates, reported_as, unsure_items
from winnow.services.encode import Vectors, unpack
from winnow.services.log import record_event
from winnow.services.review import open_task
from winnow.services.turns import take_turn

Way = RecallDraw.Way
# So many wait for the sake of one tag at once; asking again fills up what was answered.
MOST = 40
# The share of each way in what reports leave; chance draws the rest.
SHARES = {Way.NEAREST: 0.5, Way.UNSURE: 0.25}
# Above what waits for want of certainty alone, below audits and reports.
PRIORITY = 1.1
# Of works that are one only one is asked about: so many times more are looked at than are asked for.
SPARE = 4
_AT_ONCE = 2_000


@transaction.atomic
def recall(*, tag: Tag, seed: int, n: int = MOST, account: Account | None = None) -> dict[str, int]:
    """Open tasks until `n` wait for the sake of the tag; returns how many are new, by the way in which they were found.

    Asked twice nothing opens twice: what waits counts, and nobody is asked about one work for one tag again.
    """
    take_turn("recall")
    wanted = n - RecallDraw.objects.filter(tag=tag, task__closed_at=None).count()
    chosen = _chosen(tag.slug, wanted, seed) if wanted > 0 else {}
    for item in Item.objects.defer("vector").filter(pk__in=chosen).order_by("pk"):
        _open(item, tag, *chosen[item.pk])
    opened = Counter(way.value for way, _ in chosen.values())
    if opened:
        record_event("tag.recalled", account=account, is_public=False, tag=tag.slug, opened=dict(opened))
    return {way.value: opened[way.value] for way in Way}


def _chosen(tag: str, wanted: int, seed: int) -> dict[int, tuple[RecallDraw.Way, float]]:
    """Which Items, how each was found, and how probably chance chose it; no two of one work but by chance."""
    gold = gold_rows()
    reported = _ids(reported_as(tag), wanted)
    rest = wanted - len(reported)
    proposed = {
        Way.REPORTED: reported,
        Way.NEAREST: _nearest(tag, gold, SPARE * rest),
        Way.UNSURE: _ids(unsure_items(tag), SPARE * rest),
    }
    limits = {Way.REPORTED: wanted} | {way: round(share * rest) for way, share in SHARES.items()}
    groups, used = _groups([pk for pks in proposed.values() for pk in pks], gold)
    chosen: dict[int, tuple[RecallDraw.Way, float]] = {}
    for way, pks in proposed.items():
        for pk in islice(_distinct(pks, groups, used), limits[way]):
            chosen[pk] = (way, 1.0)
    pool = [pk for pk in recall_candidates(tag).values_list("pk", flat=True) if pk not in chosen]
    drawn = random.Random(seed).sample(pool, min(wanted - len(chosen), len(pool)))  # noqa: S311 - a sample is no secret
    return chosen | {pk: (Way.RANDOM, len(drawn) / len(pool)) for pk in drawn}


def _distinct(pks: Sequence[int], groups: Mapping[int, int], used: set[int]) -> Iterator[int]:
    """Those of works that are not used yet, which are used from then on."""
    for pk in pks:
        if groups[pk] not in used:
            used.add(groups[pk])
            yield pk


def _groups(pks: Sequence[int], gold: Sequence[GoldRow]) -> tuple[dict[int, int], set[int]]:
    """Which of these Items are one work, and the works that are gold already: those would teach the same again."""
    items = Item.objects.defer("vector").in_bulk(list(dict.fromkeys(pks)))
    texts = [document(item.title, item.description) for item in items.values()]
    texts += [document(row.title, row.description) for row in gold]
    numbers = group_examples([Example(text, "") for text in texts], by_description=True)
    return dict(zip(items, numbers, strict=False)), set(numbers[len(items) :])


def _nearest(tag: str, gold: Sequence[GoldRow], n: int) -> list[int]:
    """The candidates nearest to the tag's gold, by the vectors that are stored; others are not looked at."""
    stored = Item.objects.filter(pk__in=[row.item_id for row in gold if row.tag == tag], vector__isnull=False)
    by_encoder = Counter(stored.values_list("encoder_sha256", flat=True)).most_common(1)
    if not by_encoder or n <= 0:
        return []
    ((encoder, _),) = by_encoder
    own = _stack(stored.filter(encoder_sha256=encoder).values_list("vector", flat=True))
    candidates = recall_candidates(tag).filter(encoder_sha256=encoder, vector__isnull=False)
    rows = candidates.values_list("pk", "vector").iterator(chunk_size=_AT_ONCE)
    best: list[tuple[float, int]] = []
    while part := list(islice(rows, _AT_ONCE)):
        near = nearness(_stack(vector for _, vector in part), own)
        # Of equals the older comes first.
        best = nlargest(n, [*best, *((float(one), -pk) for one, (pk, _) in zip(near, part, strict=True))])
    return [-negative for _, negative in best]


def _stack(vectors: Iterable[bytes | memoryview | None]) -> Vectors:
    return np.stack([unpack(vector) for vector in vectors if vector is not None])


def _ids(items: QuerySet[Item], n: int) -> list[int]:
    return list(items.values_list("pk", flat=True)[: max(n, 0)])


def _open(item: Item, tag: Tag, way: RecallDraw.Way, probability: float) -> None:
    reason = ReviewTask.Reason.RARE_TAG
    is_asked = ReviewTask.objects.filter(item=item, reason=reason, closed_at=None, for_account=None).exists()
    task = open_task(item=item, reason=reason, priority=PRIORITY)
    if not is_asked:
        ReviewTask.objects.filter(pk=task.pk).update(probability=probability)
    RecallDraw.objects.create(tag=tag, item=item, task=task, way=way, probability=probability)
