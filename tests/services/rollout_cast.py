"""What roll-outs are tested with: works that two models answered, and what people said of them."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from winnow.models import Comparison, Item, Label, ReviewTask

NLP, VISION = "natural-language-processing", "computer-vision"
NEW_WINS, OLD_WINS = NLP, VISION
_numbers = count(1)


def pairs(n, *, old, new, said="", is_split=None, is_drawn=None, accepts=True, probability=1.0, account=None, at=None):
    """`n` works, of which the old model said vision and, where it is a split, the new one NLP; `said` None: not yet."""
    is_split = bool(said) or said is None if is_split is None else is_split
    is_drawn = is_split if is_drawn is None else is_drawn
    now = timezone.now()
    items = Item.objects.bulk_create(
        Item(
            external_id=f"pair-{number}",
            title=f"Pair {number}",
            url=f"https://example.org/pairs/{number}",
            site="example.org",
            dated_at=now,
            state="published",
            tag_id=VISION,
        )
        for number in (next(_numbers) for _ in range(n))
    )
    rows = Comparison.objects.bulk_create(
        Comparison(
            item=item,
            old=old,
            new=new,
            old_tag=VISION,
            new_tag=NLP if is_split else VISION,
            old_confidence=0.9,
            new_confidence=0.9,
            old_accepts=accepts,
            new_accepts=accepts,
            is_split=is_split,
            is_drawn=is_drawn,
            probability=probability,
        )
        for item in items
    )
    if at is not None:
        Comparison.objects.filter(pk__in=[row.pk for row in rows]).update(created_at=at)
    if said:
        Label.objects.bulk_create(Label(item=item, tag_id=said, account=account, is_gold=True) for item in items)
    return rows


def waits_for(rows):
    """Give the drawn works of some rows the tasks that they would have."""
    for row in rows:
        row.task = ReviewTask.objects.create(item=row.item, reason="disagreement", is_blind=True)
        row.save(update_fields=["task"])


def long_ago(days=30):
    """A time that many days ago."""
    return timezone.now() - timedelta(days=days)
