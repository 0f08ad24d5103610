"""What is held on the platform: who bears a name, what resembles a work. Withheld works count."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from winnow.core.urls import RULES_VERSION
from winnow.core.values import Document
from winnow.ml.authors import authors_of
from winnow.ml.blocking import BLOCKING_VERSION
from winnow.ml.duplicates import Work
from winnow.models import Item, ItemKey
from winnow.services.encode import encoder, unpack
from winnow.services.screen import Holder, links_of, names_of

# Raised with either set of rules; Items whose names are older are named again.
KEYS_VERSION = RULES_VERSION * 100 + BLOCKING_VERSION
# A block that half of the store bears tells nothing: only its newest are looked at.
PER_BLOCK = 8
MAX_NEIGHBOURS = 8
_COLUMNS = ("title", "description", "url", "links", "vector", "encoder_sha256", "dated_at", "author", "duplicate_of_id")


class Platform:
    """All that is held, as a store to screen against."""

    def holders(self, keys: Sequence[str]) -> Mapping[str, Holder]:
        """Who holds these keys; a copy's names lead to the work that it copies."""
        rows = list(ItemKey.objects.filter(key__in=keys).values_list("key", "item_id", "item__duplicate_of_id"))
        # The name alone decides, so nothing else of the holder is read.
        return {key: Holder(face or item, Work(Document(""), frozenset({key}))) for key, item, face in rows}

    def neighbours(self, blocks: Sequence[int], *, beside: Iterable[int] = ()) -> Sequence[Holder]:
        """At most MAX_NEIGHBOURS works that share a block, those that share most first; never the Items `beside`."""
        shared = Counter(number for number in _bearers(blocks) if number not in set(beside))
        nearest = sorted(shared, key=lambda number: (-shared[number], -number))[:MAX_NEIGHBOURS]
        items = {item.pk: item for item in Item.objects.filter(pk__in=nearest).only(*_COLUMNS)}
        names = family_names(items.values())
        return [
            Holder(items[number].duplicate_of_id or number, work_of(items[number], names[number]))
            for number in nearest
            if number in items
        ]


def work_of(item: Item, names: Iterable[str]) -> Work:
    """An Item as the scorer compares it; a vector of another encoder says nothing."""
    vector = unpack(item.vector) if item.vector is not None and item.encoder_sha256 == encoder().sha256 else None
    doc = Document(item.title, item.description)
    links = frozenset(links_of(item.url, item.links, doc))
    return Work(doc, names_of(names), vector, links, item.dated_at, authors_of(item.author))


def family_names(items: Iterable[Item]) -> Mapping[int, frozenset[str]]:
    """The names of each Item, of its face and of the other copies of that: they are one work."""
    faces = {item.pk: item.duplicate_of_id or item.pk for item in items}
    members = dict(Item.objects.filter(duplicate_of_id__in=set(faces.values())).values_list("pk", "duplicate_of_id"))
    members |= {face: face for face in faces.values()}
    names: defaultdict[int, set[str]] = defaultdict(set)
    # Two plain look-ups: joined by an "or" neither database would use its indexes.
    for key, number in ItemKey.objects.filter(item_id__in=members).values_list("key", "item_id"):
        names[members[number]].add(key)
    return {number: frozenset(names[face]) for number, face in faces.items()}


def _bearers(blocks: Sequence[int]) -> list[int]:
    """The newest Items of each block, in one query; SQLite bounds a part of a union only within a query of its own."""
    distinct = list(dict.fromkeys(blocks))
    if not distinct:
        return []
    newest = "SELECT item_id FROM winnow_itemblock WHERE block = %s ORDER BY item_id DESC LIMIT %s"
    parts = " UNION ALL ".join([f"SELECT item_id FROM ({newest}) AS part"] * len(distinct))  # noqa: S608 - all constant
    with connection.cursor() as cursor:
        cursor.execute(parts, [value for block in distinct for value in (block, PER_BLOCK)])
        return [number for (number,) in cursor.fetchall()]
