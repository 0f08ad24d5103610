"""Name Items again after the rules of addresses or of blocking have changed.

Each Item carries the version of the rules that named it, so that this may be killed anywhere and goes on where it was.
"""

from django.db import transaction

from winnow.core.urls import identity_keys
from winnow.core.values import Document
from winnow.models import Item, ItemBlock, ItemKey
from winnow.services.holders import KEYS_VERSION
from winnow.services.review import propose_copy
from winnow.services.screen import blocks_of, keys_of, links_of

BATCH = 100
LIVE = (Item.State.ADMITTED, Item.State.IN_REVIEW, Item.State.PUBLISHED)


def rekey_items(*, limit: int = BATCH) -> int:
    """Name up to `limit` Items by the rules in force, each in a transaction of its own; 0 says that all are."""
    stale = Item.objects.filter(keys_version__lt=KEYS_VERSION).order_by("keys_version", "pk")[:limit]
    items = list(stale.defer("vector"))
    for item in items:
        _rekey(item)
    return len(items)


@transaction.atomic
def _rekey(item: Item) -> None:
    """Names that the rules give no more go, new ones come; one that another work holds is a question for a person."""
    item = Item.objects.select_for_update().defer("vector").get(pk=item.pk)
    if item.keys_version >= KEYS_VERSION:
        return
    item.keys_version = KEYS_VERSION
    item.save(update_fields=["keys_version"])
    keys, blocks = _names(item)
    item.keys.exclude(key__in=keys).delete()
    held = {row.key: row for row in ItemKey.objects.filter(key__in=keys).select_related("item")}
    for key in keys:
        if key not in held:
            ItemKey.objects.create(item=item, key=key)
        else:
            _meet(item, held[key])
    ItemBlock.objects.filter(item=item).delete()
    ItemBlock.objects.bulk_create(ItemBlock(item=item, block=block) for block in blocks)


def _names(item: Item) -> tuple[tuple[str, ...], tuple[int, ...]]:
    # What was withdrawn has given its names away; what was taken down keeps them, so that it stays down.
    is_withdrawn = item.state == Item.State.REMOVED and not item.keys.exists()
    if item.reason == Item.Reason.INVALID or is_withdrawn:
        return (), ()
    doc = Document(item.title, item.description)
    keys = tuple(dict.fromkeys((*keys_of(item.url, doc), *identity_keys(item.moved_to))))
    return keys, blocks_of(doc, keys, links_of(item.url, item.links, doc))


def _meet(item: Item, row: ItemKey) -> None:
    """A face may hold a name that only its copy brought: it goes back. Two live works under one name are proposed."""
    face = row.item.duplicate_of or row.item
    if item.duplicate_of_id == row.item_id and row.key not in _names(row.item)[0]:
        ItemKey.objects.filter(pk=row.pk).update(item=item)
    elif item.state in LIVE and face.state in LIVE and face.pk != item.pk:
        propose_copy(item=item, face=face, evidence=f"both are {row.key}")
