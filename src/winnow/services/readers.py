"""What readers with an account keep: set, taken back, brought along from before they signed in, forgotten."""

from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from winnow.core.errors import ConflictError
from winnow.core.readers import KINDS, Reader, caught_up, visiting
from winnow.models import Account, FollowedTag, Item, Mark, ReaderState, Tag
from winnow.queries.readers import faces_of, reader_of
from winnow.services.quota import standing, take_vote
from winnow.services.rank import rank_items

MAX_READ = 200
# Being here is written down so often at most, so that reading costs hardly any writes.
NOTED_EVERY = timedelta(minutes=5)
STATE = ("visited_at", "left_at", "is_learning", "is_welcomed", "news")


@transaction.atomic
def mark_item(*, item: Item, kind: Mark.Kind, is_on: bool, account: Account | None = None, voice: str = "") -> bool:
    """Set a mark on an Item, of a copy on its face, or take it back; whether that changed anything.

    Without an account only a vote can be given, under a voice, where the installation counts those.
    Raises ConflictError for a vote that nobody may give or on what is not shown, TooManyError.
    """
    face = item.duplicate_of or item
    voice = f"account:{account.pk}" if account else voice
    if kind == Mark.Kind.VOTE:
        _check_vote(face, voice, account, is_on=is_on)
    mine = Mark.objects.filter(item=face, kind=kind, voice=voice)
    if is_on:
        given = {"account": account, "is_new": standing(voice, account) == "new"}
        is_changed = Mark.objects.get_or_create(item=face, kind=kind, voice=voice, defaults=given)[1]
    else:
        is_changed = bool(mine.delete()[0])
    if is_changed and kind == Mark.Kind.VOTE:
        rank_items([face.pk])
    return is_changed


def note_read(*, item: Item, account: Account) -> None:
    """Remember that an Item's page was opened, the newest few alone."""
    mark_item(item=item, kind=Mark.Kind.READ, is_on=True, account=account)
    older = Mark.objects.filter(account=account, kind=Mark.Kind.READ).order_by("-pk")[MAX_READ:]
    Mark.objects.filter(pk__in=list(older.values_list("pk", flat=True))).delete()


def follow_tag(*, tag: Tag, is_on: bool, account: Account) -> None:
    """Follow a tag, or not any more."""
    if is_on:
        FollowedTag.objects.get_or_create(account=account, tag=tag)
    else:
        FollowedTag.objects.filter(account=account, tag=tag).delete()


def keep_state(*, account: Account, reader: Reader) -> None:
    """Store how far an account has seen, and what it was told."""
    kept = {name: value for name, value in asdict(reader).items() if name in STATE}
    ReaderState.objects.update_or_create(account=account, defaults=kept)


def note_visit(*, account: Account, reader: Reader, now: datetime) -> Reader:
    """The account is here; what it left off last time is where the new begins."""
    seen = visiting(reader, now)
    if reader.visited_at is None or now - reader.visited_at >= NOTED_EVERY:
        keep_state(account=account, reader=seen)
    return seen


def catch_up(*, account: Account, reader: Reader, now: datetime) -> None:
    """The account has seen all up to now."""
    keep_state(account=account, reader=caught_up(reader, now))


def show_name(*, account: Account, is_on: bool) -> None:
    """Let pages say who sent in what an account submitted, or not."""
    ReaderState.objects.update_or_create(account=account, defaults={"shows_name": is_on})


@transaction.atomic
def forget_read(*, account: Account) -> None:
    """Forget what recommendations remembered of an account by themselves."""
    Mark.objects.filter(account=account, kind=Mark.Kind.READ).delete()


@transaction.atomic
def bring_along(*, account: Account, reader: Reader) -> None:
    """Add what somebody kept before they signed in to their account, which keeps its own where both have something.

    Votes are not brought: those of strangers were counted for the voice that gave them.
    """
    mine = reader_of(account)
    faces = faces_of([*reader.saved, *reader.hidden, *reader.read])
    for kind in (Mark.Kind.SAVE, Mark.Kind.HIDE, Mark.Kind.READ):
        # Oldest first, so that the newest gets the highest number.
        pks = reversed([faces[pk] for pk in getattr(reader, KINDS[kind]) if pk in faces])
        rows = [Mark(item_id=pk, kind=kind, account=account, voice=f"account:{account.pk}") for pk in pks]
        Mark.objects.bulk_create(rows, ignore_conflicts=True)
    known = Tag.objects.filter(slug__in=reader.followed, is_approved=True)
    FollowedTag.objects.bulk_create((FollowedTag(account=account, tag=tag) for tag in known), ignore_conflicts=True)
    merged = Reader(
        visited_at=_latest(mine.visited_at, reader.visited_at),
        left_at=_latest(mine.left_at, reader.left_at),
        is_learning=mine.is_learning and reader.is_learning,
        is_welcomed=mine.is_welcomed or reader.is_welcomed,
        news=max(mine.news, reader.news),
    )
    keep_state(account=account, reader=merged)


def _latest(*times: datetime | None) -> datetime | None:
    return max((time for time in times if time is not None), default=None)


def _check_vote(face: Item, voice: str, account: Account | None, *, is_on: bool) -> None:
    if account is None and not (settings.ANONYMOUS_VOTES and voice):
        raise ConflictError("votes are counted for accounts alone; sign in to vote")
    take_vote(voice=voice, account=account)
    if is_on and face.state != Item.State.PUBLISHED:
        raise ConflictError("only what is published can be voted for")
