"""The digest: the best of a day or a week under the tags that a reader follows, and then it ends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string

from winnow.core.text import clean
from winnow.ml.ranking import spread_out
from winnow.models import Item, Mailbox, Tag
from winnow.queries.digest import best_between
from winnow.queries.items import shown_items
from winnow.queries.paths import item_path
from winnow.queries.readers import reader_of
from winnow.queries.tags import approved_tags
from winnow.services.mailbox import DIGEST, can_mail, stop_headers, stop_link
from winnow.services.outbox import send_mail

KIND = "digest"
# So many works can be read through; with many tags each has fewer.
PER_TAG, MOST = 5, 40
SPANS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
# Digests are written from this hour on, by the clock of UTC; the weekly ones on Mondays.
FROM_HOUR = 6
BATCH = 100
MAX_ABOUT = 160


@dataclass(frozen=True, slots=True)
class Digest:
    """What came after `since` and up to `until`, by tag; tags without anything are left out."""

    every: str
    since: datetime
    until: datetime
    sections: list[tuple[Tag, list[Item]]]

    @property
    def n(self) -> int:
        """How many works it holds."""
        return sum(len(items) for _, items in self.sections)


def digest_of(
    *,
    every: str,
    until: datetime,
    since: datetime | None = None,
    followed: Collection[str] = (),
    hidden: Collection[int] = (),
) -> Digest:
    """The best of each followed tag, of every tag where none is followed, no source more often than its share.

    Without `since` it is of the last day or week before `until`.
    """
    since = since or until - SPANS[every]
    tags = [tag for tag in approved_tags() if not followed or tag.slug in followed]
    per_tag = max(1, min(PER_TAG, MOST // max(len(tags), 1)))
    chosen = spread_out(best_between(tags, since=since, until=until, hidden=hidden), per_section=per_tag)
    found = {item.pk: item for item in shown_items([pk for pks in chosen.values() for pk in pks])}
    pairs = [(tag, [found[pk] for pk in chosen[tag.slug] if pk in found]) for tag in tags]
    return Digest(every, since, until, [pair for pair in pairs if pair[1]])


def due_digests(now: datetime) -> list[int]:
    """Whose digest is to be written, by the number of the account, BATCH at most; nobody's where no mail is sent."""
    return list(_due(now).values_list("pk", flat=True)[:BATCH]) if can_mail() else []


def write_digest(pk: int, now: datetime) -> bool:
    """Write the mail of an account's digest where that is due; whether there is one now."""
    box = _due(now).filter(pk=pk).select_related("account").first()
    return box is not None and _write(box, now)


def slot(every: str, now: datetime) -> datetime:
    """The last moment at which digests of a kind were to be written."""
    day = now.replace(hour=FROM_HOUR, minute=0, second=0, microsecond=0)
    day = day if day <= now else day - timedelta(days=1)
    return day if every == "daily" else day - timedelta(days=day.weekday())


def _due(now: datetime) -> QuerySet[Mailbox]:
    """The first digest of an address comes at once, so that it is seen to work; a slot that was missed is made up for once."""
    is_due = Q(every__in=SPANS, digest_at=None)
    for every in SPANS:
        is_due |= Q(every=every, digest_at__lt=slot(every, now))
    boxes = Mailbox.objects.filter(is_due, confirmed_at__isnull=False, account__is_active=True)
    return boxes.order_by("pk")


@transaction.atomic
def _write(box: Mailbox, now: datetime) -> bool:
    """The mail and the mark that it was written, together; of two workers one does. Where nothing came there is no mail."""
    if not Mailbox.objects.filter(pk=box.pk, digest_at=box.digest_at, every=box.every).update(digest_at=now):
        return False
    reader = reader_of(box.account)
    # What came while nothing could be sent is told as well, within reason.
    since = max(box.digest_at or now - SPANS[box.every], now - 2 * SPANS[box.every])
    digest = digest_of(every=box.every, since=since, until=now, followed=reader.followed, hidden=reader.hidden)
    if not digest.n:
        return False
    link = stop_link(box.pk, DIGEST)
    return bool(
        send_mail(
            key=f"{DIGEST}:{box.pk}:{now.isoformat()}",
            to=box.address,
            subject=f"{digest.n} {'work' if digest.n == 1 else 'works'}, {now.day} {now:%B %Y}",
            text=text_of(digest, link),
            html=html_of(digest, link),
            account=box.account,
            headers=stop_headers(link),
        )
    )


def text_of(digest: Digest, stop: str) -> str:
    """The digest as plain text; each foreign text is one line in it."""
    lines = [f"The best of the {_span(digest)}.", ""]
    for tag, items in digest.sections:
        lines += [tag.name, "-" * len(tag.name), ""]
        for item in items:
            about = _about(item)
            lines += [
                clean(str(item), 200),
                *([f"  {about}"] if about else []),
                f"  {settings.BASE_URL}{item_path(item)}",
                "",
            ]
    lines += ["You are up to date.", "", "-- ", f"To stop these mails: {stop}"]
    return "\n".join(lines) + "\n"


def html_of(digest: Digest, stop: str) -> str:
    """The same in plain markup, without anything that is fetched; foreign texts are escaped."""
    works = [
        (tag, [(clean(str(item), 200), _about(item), item_path(item)) for item in items])
        for tag, items in digest.sections
    ]
    shown = {"span": _span(digest), "sections": works, "base": settings.BASE_URL, "stop": stop}
    return render_to_string("mail_digest.html", shown)


def _about(item: Item) -> str:
    """The beginning of its description; what is cut says so."""
    about = clean(item.description, MAX_ABOUT)
    return f"{about} …" if len(about) < len(clean(item.description)) else about


def _span(digest: Digest) -> str:
    return "day" if digest.every == "daily" else "week"
