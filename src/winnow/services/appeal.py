"""Ask for another decision: an author appeals, anybody asks for a take-down. Both are work for people, never a change."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError
from winnow.core.text import clean
from winnow.models import Account, Event, Item, Report, ReviewTask
from winnow.services import publish
from winnow.services.answer import drop_reports
from winnow.services.log import record_event
from winnow.services.quota import take_report
from winnow.services.review import open_task

WITHDRAWN = "Its submitter withdrew it."
# Before what readers report: somebody waits for an answer about a work of their own.
PRIORITY = 2.6


@transaction.atomic
def appeal(*, item: Item, account: Account, note: str) -> Report:
    """The submitter of a work says why the decision about it is wrong.

    Raises ConflictError where it is not theirs or nothing is decided yet, InputError without a reason.
    """
    if item.submitted_by_id != account.pk:
        raise ConflictError("only who submitted a work can appeal; anybody can report what is wrong with it")
    if item.state in (Item.State.ADMITTED, Item.State.IN_REVIEW, Item.State.REMOVED):
        raise ConflictError("nothing is decided about it yet; you will see here what is")
    return _ask(item, Report.Kind.APPEAL, ReviewTask.Reason.APPEAL, f"account:{account.pk}", account, note)


@transaction.atomic
def ask_take_down(*, item: Item, reporter: str, account: Account | None, note: str) -> Report:
    """Somebody says why a work must not be shown. Raises InputError without a reason."""
    if item.state == Item.State.REMOVED:
        raise ConflictError("it is not on the site any more")
    return _ask(item, Report.Kind.TAKE_DOWN, ReviewTask.Reason.TAKE_DOWN, reporter, account, note)


@transaction.atomic
def withdraw(*, item: Item, account: Account) -> None:
    """Take a submission of one's own back, and let its names go: whoever brings the work again brings it anew.

    They stay where somebody kept the work out or has reported it: nobody gets around that by bringing it again.
    Raises ConflictError where it is another's or gone, or others have brought it too.
    """
    if item.submitted_by_id != account.pk:
        raise ConflictError("only who submitted a work can withdraw it; anybody can ask for a take-down")
    if item.duplicates.exclude(submitted_by=account).exists():
        raise ConflictError("others brought this work too, so it stays; you can ask for a take-down, with the reason")
    item.refresh_from_db()
    was_rejected = item.state == Item.State.REJECTED
    if not publish.remove_item(item, account=account, reason=WITHDRAWN):
        raise ConflictError("it is not on the site any more")
    ReviewTask.objects.filter(item=item, closed_at=None).update(closed_at=timezone.now())
    if not drop_reports(item) and not was_rejected:
        item.keys.all().delete()
        item.blocks.all().delete()


@transaction.atomic
def put_back(*, item: Item, account: Account) -> None:
    """Undo a withdrawal of one's own, for as long as a submission may be changed: the work is where it was.

    What people were asked about it, and what was reported, is asked again. The worker gives it its names again, and asks a person where another bears them by now.
    Raises ConflictError where the account did not withdraw it, or too long ago.
    """
    removal = _withdrawal_of(item)
    if removal is None or removal.account_id != account.pk:
        raise ConflictError("only what you withdrew yourself can be put back")
    if not _is_recent(removal):
        raise ConflictError("it was withdrawn too long ago; submit it again")
    publish.revert_item(item, before=removal.data["before"], account=account)
    item.keys_version = 0
    item.save(update_fields=["keys_version"])
    closed = ReviewTask.objects.filter(item=item, closed_at__gte=removal.created_at)
    closed.update(closed_at=None, holder=None, lease_until=None)
    Report.objects.filter(item=item, decided_at__gte=removal.created_at, is_upheld=None).update(decided_at=None)
    if item.state == Item.State.IN_REVIEW:
        open_task(item=item, reason=ReviewTask.Reason.LOW_CONFIDENCE)


def may_put_back(item: Item, account: Account) -> bool:
    """Whether this account withdrew the work lately."""
    removal = _withdrawal_of(item)
    return removal is not None and removal.account_id == account.pk and _is_recent(removal)


def _is_recent(removal: Event) -> bool:
    """Whether a withdrawal may still be undone."""
    return timezone.now() - removal.created_at < timedelta(hours=settings.EDIT_HOURS)


def _withdrawal_of(item: Item) -> Event | None:
    """The event that took a work off the site, where its submitter did that."""
    if item.state != Item.State.REMOVED:
        return None
    removal = Event.objects.filter(item=item, kind="item.removed").order_by("-pk").first()
    return removal if removal is not None and removal.data["reason"] == WITHDRAWN else None


def _ask(
    item: Item, kind: Report.Kind, reason: ReviewTask.Reason, reporter: str, account: Account | None, note: str
) -> Report:
    words = clean(note, 500)
    if not words:
        raise InputError("note: say why, so that whoever decides can understand it")
    take_report(voice=reporter, account=account)
    try:
        with transaction.atomic():
            report = Report.objects.create(item=item, kind=kind, note=words, account=account, reporter=reporter)
    except IntegrityError:
        return Report.objects.filter(item=item, kind=kind, reporter=reporter).latest("pk")
    open_task(item=item, reason=reason, priority=PRIORITY)
    event = "item.appealed" if kind == Report.Kind.APPEAL else "item.take_down_asked"
    record_event(event, item=item, account=account)
    return report
