"""Works that are like one: by their stored vectors."""

import numpy as np

from winnow.models import Item
from winnow.queries.items import hottest, newest_of_tag, shown_items
from winnow.services.encode import unpack

# Looked at are the newest of the same tag and the hottest of all: enough to find what is near, at a cost that stays.
NEWEST, HOTTEST = 400, 200
# Below this cosine two texts share a subject at most, and above the other they are one work that nobody merged yet.
NEAR, SAME = 0.45, 0.97


def similar_items(item: Item, n: int = 5) -> list[Item]:
    """Up to `n` published Items that are like this one, nearest first; none where it has no vector or nothing is near."""
    if item.vector is None:
        return []
    tag = item.tag_id or item.likely_tag_id
    pks = {*newest_of_tag(tag, limit=NEWEST), *hottest(limit=HOTTEST)} if tag else set(hottest(limit=HOTTEST))
    found = Item.objects.filter(pk__in=pks - {item.pk}, encoder_sha256=item.encoder_sha256, vector__isnull=False)
    rows = list(found.order_by("pk").values_list("pk", "vector"))
    if not rows:
        return []
    cosines = np.stack([unpack(vector or b"") for _, vector in rows]) @ unpack(item.vector)
    near = [int(row) for row in np.argsort(-cosines, kind="stable")[: n * 2] if NEAR <= cosines[row] < SAME][:n]
    items = {one.pk: one for one in shown_items([rows[row][0] for row in near])}
    return [items[rows[row][0]] for row in near if rows[row][0] in items]
