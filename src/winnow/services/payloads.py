"""What webhooks are told of a work and of a report; `docs/reference/webhooks.md` states the shapes."""

from typing import Any

from django.conf import settings

from winnow.models import Item, Report
from winnow.queries.paths import item_path


def of_item(item: Item, *, before: str | None = None) -> dict[str, Any]:
    """A work, and the tag that it bore `before`."""
    return {"item": _item(item), "before": before}


def of_report(report: Report, item: Item) -> dict[str, Any]:
    """What a reader said, without who they are, and whether the work is now as they wanted it."""
    return {
        "report": {"id": report.pk, "kind": str(report.kind), "tag": report.tag_id, "upheld": report.is_upheld},
        "item": _item(item),
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.pk,
        "page": f"{settings.BASE_URL}{item_path(item)}",
        "url": item.url,
        "title": item.title,
        "description": item.description,
        "state": str(item.state),
        "tag": item.tag_id,
        "decided_by": str(item.decided_by),
        "confidence": item.confidence,
        "published_at": item.published_at and item.published_at.isoformat(),
    }
