"""A reader says that something is wrong: work for a person, never a change by itself."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError
from winnow.core.text import clean
from winnow.models import Account, Event, Item, Report, ReviewTask, Tag
from winnow.queries.feedback import weight
from winnow.services.log import record_event
from winnow.services.quota import take_report
from winnow.services.review import open_task

# A report outranks every unsure item (priority at most 1); many reports of one item rank higher still, up to a cap.
BASE_PRIORITY = 2.0
MAX_VOICES = 5
# So many voices about one Item within so short a time look like a call to arms; reviewers are told, nothing else changes.
BURST_VOICES = 10
BURST_WITHIN = timedelta(minutes=10)


@transaction.atomic
def report_item(
    *,
    item: Item,
    reporter: str,
    kind: Report.Kind = Report.Kind.WRONG_TAG,
    tag: Tag | None = None,
    copy_of: Item | None = None,
    note: str = "",
    account: Account | None = None,
) -> tuple[Report, bool]:
    """Store the report and open or raise the Item's task; the second value says whether it is new.

    The same voice says the same thing once: a repetition gives the first report back.
    `copy_of` says of which work it is a duplicate. Raises InputError for a kind that is no report or a work that is its own copy, ConflictError where the Item is not on the site, TooManyError where the voice says too much in a short time.
    """
    if kind in (Report.Kind.APPEAL, Report.Kind.TAKE_DOWN):
        raise InputError("kind: an appeal and a take-down are asked for on the page of the work, with a reason")
    if copy_of is not None and item.pk in (copy_of.pk, copy_of.duplicate_of_id):
        raise InputError("copy_of: that is this very work")
    take_report(voice=reporter, account=account)
    # One voice after another: each counts those before it, and a decision is never between a report and its task.
    item = Item.objects.select_for_update(no_key=True).defer("vector").get(pk=item.pk)
    if item.state not in (Item.State.PUBLISHED, Item.State.IN_REVIEW):
        raise ConflictError("only what is on the site can be reported; withheld items can be restored instead")
    try:
        with transaction.atomic():
            report = Report.objects.create(
                item=item,
                kind=kind,
                tag=tag,
                copy_of=copy_of if kind == Report.Kind.DUPLICATE else None,
                note=clean(note, 500),
                account=account,
                reporter=reporter,
            )
    except IntegrityError:
        # Not only among the open ones: somebody may have decided about it since.
        return Report.objects.filter(item=item, kind=kind, reporter=reporter).latest("pk"), False
    voices = Report.objects.filter(item=item, decided_at=None).values_list("reporter", flat=True).distinct()
    heard = sum(weight(voice) for voice in voices[:MAX_VOICES])
    open_task(item=item, reason=ReviewTask.Reason.REPORTED, priority=BASE_PRIORITY + min(heard, MAX_VOICES) / 10)
    record_event("item.reported", item=item, account=account, kind=str(kind), tag=tag and tag.slug)
    _flag_burst(item)
    return report, True


def _flag_burst(item: Item) -> None:
    """Write it down, once a burst, where many voices report the Item at the same time."""
    since = timezone.now() - BURST_WITHIN
    n_voices = Report.objects.filter(item=item, created_at__gte=since).values("reporter").distinct().count()
    is_flagged = Event.objects.filter(item=item, kind="item.report_burst", created_at__gte=since)
    if n_voices >= BURST_VOICES and not is_flagged.exists():
        record_event("item.report_burst", item=item, n_voices=n_voices, minutes=BURST_WITHIN.seconds // 60)
