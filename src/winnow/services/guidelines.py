"""Guidelines and their versions: what people read when they label, and how it grows by what they settle."""

from typing import Any

from django.db import transaction

from winnow.core.text import clean
from winnow.models import Account, Guideline, Item, Tag
from winnow.services.log import record_event

# What of a tag rules how it is applied; its name and its place in the list do not.
RULING = ("description", "belongs", "excludes", "hard", "typical", "settled")
MAX_WHY = 500


def guideline_of(tag: Tag) -> Guideline | None:
    """The guideline of a tag in force."""
    return Guideline.objects.filter(tag=tag).order_by("-version").first()


def keep_version(tag: Tag) -> None:
    """A new version of the guideline where its text is another than that in force."""
    newest = guideline_of(tag)
    text = {field: getattr(tag, field) for field in RULING}
    if newest is None:
        Guideline.objects.create(tag=tag, version=1, text=text)
    elif _text(newest) != text:
        Guideline.objects.create(tag=tag, version=newest.version + 1, text=text)
        record_event("guideline.changed", tag=tag.slug, version=newest.version + 1)


@transaction.atomic
def settle_case(*, item: Item, tag: Tag, why: str, account: Account) -> Tag:
    """Make a decision an example of the tag's guideline, for everybody who labels after it; the same Item is one case."""
    tag = Tag.objects.select_for_update().get(pk=tag.pk)
    others = [case for case in tag.settled if case["item"] != item.pk]
    tag.settled = [*others, {"item": item.pk, "case": item.title, "why": clean(why, MAX_WHY)}]
    tag.save(update_fields=["settled"])
    keep_version(tag)
    record_event("guideline.case_settled", item=item, account=account, tag=tag.slug)
    return tag


def _text(guideline: Guideline) -> dict[str, Any]:
    """Versions that were kept before there were settled cases say nothing of them."""
    return {"settled": [], **guideline.text}
