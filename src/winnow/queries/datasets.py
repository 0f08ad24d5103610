"""Gate 7, learn: labels as rows of a data set."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from winnow.models import Item, Label


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A work and the tag that people gave it last.

    `arrived_on` is the day on which it came in; `is_answer` says that somebody here was asked about it.
    """

    item_id: int
    title: str
    description: str
    tag: str
    created_on: date
    arrived_on: date
    url: str = ""
    source: str = ""
    is_answer: bool = False


def gold_rows() -> list[GoldRow]:
    """The effective label of every Item that people labelled: the newest that stands; in the order of the Items.

    Labels that say "not machine learning" are not of this set, nor are retired tags.
    """
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    standing = (
        Label.objects.filter(is_gold=True, undoes=None).exclude(is_undone).exclude(item__state=Item.State.REMOVED)
    )
    newest = {
        label.item_id: label
        for label in standing.select_related("item__source", "tag").defer("item__vector").order_by("pk")
    }
    return [
        _row(label, label.tag.slug)
        for _, label in sorted(newest.items())
        if label.tag is not None and label.tag.is_approved
    ]


def _row(label: Label, tag: str) -> GoldRow:
    item = label.item
    return GoldRow(
        item_id=item.pk,
        title=item.title,
        description=item.description,
        tag=tag,
        created_on=item.dated_at.date(),
        arrived_on=item.admitted_at.date(),
        url=item.url,
        source=item.source.name if item.source else "",
        is_answer=label.task_id is not None,
    )
