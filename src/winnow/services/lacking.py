"""Ask people for the labels that a gate lacks."""

import random

from django.db import transaction
from django.db.models import QuerySet

from winnow.models import Item, Label, ModelVersion, ReviewTask
from winnow.services.review import open_task

# Nobody answers more at once; promoting again asks for the rest.
MOST = 60
PRIORITY = 1.2


@transaction.atomic
def ask_for_labels(version: ModelVersion, missing: dict[str, int]) -> int:
    """Open tasks for works that nobody labelled, drawn at random, of the tags that are missing; returns how many.

    A tag stands for what the model that serves takes for it; "" for any. The same model draws the same works, so that
    asking twice opens nothing twice.
    """
    generator = random.Random(version.manifest_sha256)  # noqa: S311 - a sample is no secret
    n_opened, left = 0, MOST
    for tag, n in sorted(missing.items()):
        pool = list(_unlabelled(tag).order_by("pk"))
        drawn = generator.sample(pool, min(n, len(pool), left))
        left -= len(drawn)
        n_opened += sum(_open(item, len(drawn) / len(pool)) for item in drawn)
    return n_opened


def _unlabelled(tag: str) -> QuerySet[Item]:
    items = Item.objects.filter(state__in=(Item.State.PUBLISHED, Item.State.IN_REVIEW))
    items = items.exclude(pk__in=Label.objects.filter(is_gold=True).values("item_id"))
    if not tag:
        return items
    return items.filter(tag_id=tag) | items.filter(tag=None, likely_tag_id=tag)


def _open(item: Item, probability: float) -> bool:
    if ReviewTask.objects.filter(item=item, closed_at=None).exists():
        return False
    task = open_task(item=item, reason=ReviewTask.Reason.RARE_TAG, priority=PRIORITY)
    ReviewTask.objects.filter(pk=task.pk).update(probability=probability)
    return True
