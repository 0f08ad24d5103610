"""Gate 7, learn: labels as rows of a data set."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from winnow.models import Item, Label


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A work and the tag that people gave it last; `is_answer` says that somebody here was asked about it."""

    item_id: int
    title: str
    description: str
    tag: str
    is_answer: bool = False


def gold_rows() -> list[GoldRow]:
    """The effective label of every Item that people labelled: the newest that stands; in the order of the Items.

    Labels that say "not machine learning" are not of this set, nor are retired tags.
    """
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    standing = (
        Label.objects.filter(is_gold=True, undoes=None).exclude(is_undone).exclude(item__state=Item.State.REMOVED)
    )
    newest = {label.item_id: label for label in standing.select_related("item", "tag").order_by("pk")}
    return [
        GoldRow(label.item_id, label.item.title, label.item.description, label.tag.slug, label.task_id is not None)
        for _, label in sorted(newest.items())
        if label.tag is not None and label.tag.is_approved
    ]
