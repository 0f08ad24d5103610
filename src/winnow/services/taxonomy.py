"""Bring the approved list of a file into force."""

from pathlib import Path

from django.db import transaction

from winnow.core.values import HardCase
from winnow.core.values import Tag as ApprovedTag
from winnow.ml.taxonomy import load_taxonomy
from winnow.models import Tag
from winnow.services.guidelines import keep_version
from winnow.services.log import record_event
from winnow.services.turns import take_turn


def apply_taxonomy(path: Path) -> list[Tag]:
    """Make the rows say what the file says; tags that left the list are retired. Raises InputError for a bad file."""
    approved = load_taxonomy(path)
    with transaction.atomic():
        take_turn("apply taxonomy")
        before = list(Tag.objects.filter(is_approved=True).values_list("slug", flat=True))
        for position, tag in enumerate(approved):
            row, _ = Tag.objects.update_or_create(slug=tag.slug, defaults=_fields(tag, position))
            keep_version(row)
        slugs = [tag.slug for tag in approved]
        Tag.objects.exclude(slug__in=slugs).update(is_approved=False)
        if before != slugs:
            record_event("taxonomy.applied", tags=slugs, before=before)
    return list(Tag.objects.filter(is_approved=True))


def _fields(tag: ApprovedTag, position: int) -> dict[str, object]:
    return {
        "name": tag.name,
        "short": tag.short,
        "description": tag.description,
        "belongs": tag.belongs,
        "excludes": tag.excludes,
        "hard": [{"case": c.case, "answer": c.answer, "why": c.why} for c in tag.hard],
        "typical": list(tag.typical),
        "position": position,
        "is_approved": True,
    }


def approved_list() -> tuple[ApprovedTag, ...]:
    """The list in force as values, in its order."""
    return tuple(_value(row) for row in Tag.objects.filter(is_approved=True))


def _value(row: Tag) -> ApprovedTag:
    return ApprovedTag(
        slug=row.slug,
        name=row.name,
        short=row.short,
        description=row.description,
        belongs=row.belongs,
        excludes=row.excludes,
        hard=tuple(HardCase(case["case"], case["answer"], case["why"]) for case in row.hard),
        typical=tuple(row.typical),
    )
