"""Whoever reported something, or asked for another decision, is answered when somebody has decided."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from winnow.models import Account, Event, Item, Label, Report
from winnow.services import payloads
from winnow.services.outbox import notify

Kind, State = Report.Kind, Item.State


def answer_reports(item: Item) -> int:
    """Close what was said of the Item, each with whether it was right; how many there were. `item` is as it is now.

    Where it has just become a copy, what was said of it is with its face already.
    """
    reports = list(Report.objects.filter(Q(item=item) | Q(origin=item), decided_at=None))
    now = timezone.now()
    for report in reports:
        report.decided_at, report.is_upheld = now, _is_upheld(report, item)
    Report.objects.bulk_update(reports, ["decided_at", "is_upheld"])
    for report in reports:
        notify("report.decided", payloads.of_report(report, item))
    return len(reports)


def drop_reports(item: Item) -> int:
    """Close what was said of a work that its submitter withdrew: nobody judges any more whether it was right."""
    return Report.objects.filter(item=item, decided_at=None).update(decided_at=timezone.now())


def reopen_reports(label: Label) -> int:
    """A decision is taken back: what it answered is asked again, but for what the same voice has said anew since."""
    answered = Report.objects.filter(item=label.item, decided_at__gte=label.created_at).order_by("-pk")
    heard = set(_open(label.item).values_list("kind", "reporter"))
    again = []
    for report in answered:
        if (report.kind, report.reporter) not in heard:
            heard.add((report.kind, report.reporter))
            again.append(report.pk)
    return Report.objects.filter(pk__in=again).update(decided_at=None, is_upheld=None)


def mark_told(account: Account, *, at: datetime) -> None:
    """The account has read what there was to tell at that moment."""
    account.told_at = at
    account.save(update_fields=["told_at"])


def _open(item: Item) -> QuerySet[Report]:
    return Report.objects.filter(item=item, decided_at=None)


def _is_upheld(report: Report, item: Item) -> bool:
    """Whether the Item is now as the report wanted it."""
    match report.kind:
        case Kind.WRONG_TAG if report.tag_id:
            return item.state == State.PUBLISHED and item.tag_id == report.tag_id
        case Kind.WRONG_TAG:
            return _has_moved(report, item)
        case Kind.DUPLICATE:
            return item.state == State.DUPLICATE
        case Kind.APPEAL:
            return item.state == State.PUBLISHED
        case Kind.TAKE_DOWN:
            return item.state == State.REMOVED
        case _:
            return item.state in (State.REJECTED, State.REMOVED)


def _has_moved(report: Report, item: Item) -> bool:
    since = Event.objects.filter(item=item, kind="item.retagged", created_at__gte=report.created_at)
    return any(event.data["tag"] != event.data["before"]["tag_id"] for event in since)
