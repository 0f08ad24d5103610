"""After a guideline has changed, ask again about some of what was labelled under the older one."""

import random

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from winnow.models import Guideline, Item, Label, ReviewTask
from winnow.services.log import record_event
from winnow.services.review import open_task

# Above what waits for want of certainty: until it is answered nobody knows what the change is worth.
PRIORITY = 1.1


def is_due() -> bool:
    """Whether a guideline has changed of whose older labels none were drawn yet."""
    return _unasked().exists()


@transaction.atomic
def rejudge_labels(*, n: int | None = None, seed: int) -> list[ReviewTask]:
    """Open a task for up to `n` Items a changed tag, each of its older labels equally likely, once a version."""
    changed = list(_unasked().select_for_update(no_key=True).order_by("tag", "-version"))
    newest = {guideline.tag_id: guideline for guideline in reversed(changed)}
    wanted = settings.REJUDGED if n is None else n
    tasks = [task for guideline in newest.values() for task in _draw(guideline, wanted, seed)]
    _unasked().filter(pk__in=[guideline.pk for guideline in changed]).update(rejudged_at=timezone.now())
    return tasks


def _draw(guideline: Guideline, n: int, seed: int) -> list[ReviewTask]:
    items = list(_older(guideline))
    generator = random.Random(f"{seed} {guideline}")  # noqa: S311 - a sample is no secret
    drawn = generator.sample(items, min(n, len(items)))
    tasks = [open_task(item=item, reason=ReviewTask.Reason.GUIDELINE, priority=PRIORITY) for item in drawn]
    opened = ReviewTask.objects.filter(pk__in=[task.pk for task in tasks])
    opened.update(probability=len(drawn) / max(len(items), 1), is_blind=True)
    record_event(
        "guideline.rejudged", tag=guideline.tag_id, version=guideline.version, n=len(drawn), population=len(items)
    )
    return tasks


def _unasked() -> QuerySet[Guideline]:
    return Guideline.objects.filter(version__gt=1, rejudged_at=None, tag__is_approved=True)


def _older(guideline: Guideline) -> QuerySet[Item]:
    """Published Items that people gave the tag, before the guideline was what it is."""
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    given = Label.objects.filter(tag=guideline.tag_id, is_gold=True, undoes=None, item=OuterRef("pk"))
    under_older = given.exclude(is_undone).filter(created_at__lt=guideline.created_at)
    return Item.objects.filter(
        Exists(under_older), state=Item.State.PUBLISHED, decided_by=Item.DecidedBy.PERSON, tag=guideline.tag_id
    ).order_by("pk")
