"""What a reader may like, from followed tags and from the stored vectors of what they saved, voted for, read and hid."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from winnow.core.readers import Reader
from winnow.ml.taste import EXPLORED, Pick, Pool, Taste, Why, recommend
from winnow.models import Item, Tag
from winnow.queries.items import hottest, hottest_of_tags, shown_items
from winnow.services.encode import unpack

__all__ = ["EXPLORED", "Recommended", "recommend_for"]

N_SHOWN = 20
# What is looked at: the hottest of all, and of each tag, so that a small tag is there too.
HOTTEST, PER_TAG = 300, 60
MAX_LIKED, MAX_READ, MAX_HIDDEN = 60, 30, 60
# Opening a page says less than saving the work.
READ_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Recommended:
    """A work, why it is shown, and the liked work that it is like, where that is the reason."""

    item: Item
    why: Why
    like: Item | None


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate as far as a recommendation asks for it."""

    pk: int
    tag: str
    hotness: float
    vector: bytes
    encoder: str


def recommend_for(
    reader: Reader, *, tags: Sequence[Tag], day: date, voice: str, share: float = EXPLORED
) -> list[Recommended]:
    """Up to 20 works that the reader has not marked, opened or hidden; the same all day for the same voice.

    Of the places a `share` is explored. Nothing for a reader of whom nothing is known, or who turned this off.
    """
    if not (reader.is_learning and reader.is_known):
        return []
    met = {*reader.saved, *reader.voted, *reader.read, *reader.hidden}
    rows = _rows(_candidates(tags, reader) - met)
    liked = (*reader.saved[:MAX_LIKED], *reader.voted[:MAX_LIKED], *reader.read[:MAX_READ])
    known = _rows({*liked, *reader.hidden[:MAX_HIDDEN]})
    encoder = Counter(row.encoder for row in rows).most_common(1)[0][0] if rows else ""
    pool = _pool([row for row in rows if row.encoder == encoder])
    taste = _taste(reader, {row.pk: row for row in known if row.encoder == encoder})
    return _shown(recommend(pool, taste, n=N_SHOWN, seed=_seed(day, voice), share=share))


def _candidates(tags: Sequence[Tag], reader: Reader) -> set[int]:
    of_tags = hottest_of_tags(tags, hidden=reader.hidden, limit=PER_TAG)
    return {one.pk for rows in of_tags.values() for one in rows} | set(hottest(limit=HOTTEST, hidden=reader.hidden))


def _rows(pks: Collection[int]) -> list[Row]:
    found = Item.objects.filter(pk__in=pks, vector__isnull=False, tag__isnull=False).order_by("pk")
    columns = found.values_list("pk", "tag_id", "hotness", "vector", "encoder_sha256")
    return [Row(pk, tag, hot, bytes(vector or b""), encoder) for pk, tag, hot, vector, encoder in columns]


def _pool(rows: Sequence[Row]) -> Pool:
    vectors = np.stack([unpack(row.vector) for row in rows]) if rows else np.empty((0, 1), dtype=np.float32)
    hotness = np.array([row.hotness for row in rows], dtype=np.float64)
    return Pool([row.pk for row in rows], [row.tag for row in rows], hotness, vectors)


def _taste(reader: Reader, rows: dict[int, Row]) -> Taste:
    weights = dict.fromkeys(reader.read[:MAX_READ], READ_WEIGHT)
    weights |= dict.fromkeys((*reader.voted[:MAX_LIKED], *reader.saved[:MAX_LIKED]), 1.0)
    liked = [pk for pk in weights if pk in rows]
    hidden = [pk for pk in reader.hidden[:MAX_HIDDEN] if pk in rows]
    return Taste(
        liked,
        np.array([weights[pk] for pk in liked], dtype=np.float64),
        _pool([rows[pk] for pk in liked]).vectors,
        _pool([rows[pk] for pk in hidden]).vectors,
        frozenset(reader.followed),
    )


def _shown(picks: Sequence[Pick]) -> list[Recommended]:
    pks = {pick.pk for pick in picks} | {pick.like for pick in picks if pick.like is not None}
    items = {item.pk: item for item in shown_items(pks)}
    rows = [(items[pick.pk], pick.why, items.get(pick.like or 0)) for pick in picks if pick.pk in items]
    return [Recommended(*row) for row in rows]


def _seed(day: date, voice: str) -> int:
    """What is explored changes from day to day and from reader to reader, not from one look to the next."""
    return int.from_bytes(hashlib.sha256(f"{day} {voice}".encode()).digest()[:4], "big")
