"""What became of what people sent in: their submissions, their reports, and how often they are right."""

from dataclasses import dataclass

from winnow.core.errors import NotFoundError
from winnow.core.intervals import clopper_pearson
from winnow.core.values import Interval
from winnow.models import Account, Item, Report

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Answered:
    """A report with what came of it; `is_upheld` is None while nobody has decided."""

    report: Report
    is_upheld: bool | None


def submissions_of(account: Account) -> list[Item]:
    """What an account submitted, newest first, whatever became of it."""
    mine = Item.objects.filter(submitted_by=account).select_related("tag", "likely_tag", "duplicate_of")
    return list(mine.defer("vector").order_by("-pk")[:SHOWN])


def submission_of(pk: int, account: Account) -> Item:
    """One work that this account submitted, also where it is withdrawn. Raises NotFoundError."""
    mine = Item.objects.filter(submitted_by=account).select_related("tag", "duplicate_of").defer("vector")
    item = mine.filter(pk=pk).first() if 0 < pk < 2**63 else None
    if item is None:
        raise NotFoundError("there is no such work of yours")
    return item


def reports_of(account: Account) -> list[Answered]:
    """What an account reported or asked for, newest first."""
    mine = Report.objects.filter(account=account).select_related("item", "item__tag", "tag").order_by("-pk")
    return [Answered(report, _upheld(report)) for report in mine[:SHOWN]]


def reliability(reporter: str) -> Interval:
    """The share of decided reports of a voice that were upheld, with its exact 95 % interval."""
    decided = Report.objects.filter(reporter=reporter, decided_at__isnull=False).select_related("item")
    upheld = [_upheld(report) for report in decided.order_by("-pk")[:SHOWN]]
    return clopper_pearson(sum(map(bool, upheld)), len(upheld)) if upheld else Interval(0.5, 0.0, 1.0, 0)


def weight(reporter: str) -> float:
    """What a voice weighs in the order of the queue, and in nothing else: 1 for a new one, towards 2 or 0 with its record."""
    found = reliability(reporter)
    return 2.0 * (found.value * found.n + 1.0) / (found.n + 2.0)


def _upheld(report: Report) -> bool | None:
    """Whether the Item is now as the report wanted it."""
    if report.decided_at is None:
        return None
    item = report.item
    match report.kind:
        case Report.Kind.WRONG_TAG:
            since = item.events.filter(kind="item.retagged", created_at__gte=report.created_at)
            is_moved = any(event.data["tag"] != event.data["before"]["tag_id"] for event in since)
            return item.tag_id == report.tag_id if report.tag_id else is_moved
        case Report.Kind.DUPLICATE:
            return item.state == Item.State.DUPLICATE
        case Report.Kind.APPEAL:
            return item.state == Item.State.PUBLISHED
        case Report.Kind.TAKE_DOWN:
            return item.state == Item.State.REMOVED
        case _:
            return item.state in (Item.State.REJECTED, Item.State.REMOVED)
