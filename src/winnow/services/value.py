"""Count what readers do without keeping who they are, and ask a few of them whether a tag is right.

Counts gather in the process and are written together every FLUSH_SECONDS, so that reading stays reading; a process that
is killed loses what it had not written yet, which no figure here is exact enough to notice.
"""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from winnow.core.errors import ConflictError
from winnow.models import Experiment, Item, TagOpinion

FLUSH_SECONDS = 15.0
# One reader in so many is asked, about what was sorted within so many days.
ASKED_ONE_IN = 20
NEWLY = timedelta(days=7)
# Seconds from the first list of a visit to the first useful click.
CLICKS = ((10, "10 s"), (30, "30 s"), (120, "2 min"), (10**9, "longer"))

_lock = threading.Lock()
_days: Counter[tuple[str, str]] = Counter()
_sides: Counter[tuple[int, str, str, str]] = Counter()
_items: Counter[int] = Counter()
_flushed = time.monotonic()


def today() -> date:
    """The day of the site, which counts by it; that of a reader may be another."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def count(what: str, *, item: int | None = None) -> None:
    """One more of `what` today, and of the page of an Item; written by and by."""
    with _lock:
        _days[today().isoformat(), what] += 1
        if item is not None:
            _items[item] += 1
    _flush_if_due()


def count_side(experiment: int, arm: str, what: str, *, day: str) -> None:
    """One reader more on a side of an experiment, or one more of them who did `what`, on a day; written likewise."""
    with _lock:
        _sides[experiment, arm, day, what] += 1
    _flush_if_due()


def first_click(seconds: float) -> None:
    """The first useful click of a visit, so long after its first list."""
    count(f"click {next(name for limit, name in CLICKS if seconds < limit)}")


def flush() -> None:
    """Write what was counted; what cannot be written now is counted with the rest."""
    global _flushed
    with _lock:
        days, items, sides, _flushed = dict(_days), dict(_items), dict(_sides), time.monotonic()
        _days.clear()
        _items.clear()
        _sides.clear()
    try:
        with transaction.atomic():
            _add("winnow_daycount", ("day", "what", "n"), "day, what", [(*key, n) for key, n in sorted(days.items())])
            known = set(Item.objects.filter(pk__in=items).values_list("pk", flat=True))
            _add(
                "winnow_itemviews",
                ("item_id", "n"),
                "item_id",
                [(pk, n) for pk, n in sorted(items.items()) if pk in known],
            )
            _add_sides(sides)
    except DatabaseError:
        with _lock:
            _days.update(days)
            _items.update(items)
            _sides.update(sides)


def _add_sides(sides: dict[tuple[int, str, str, str], int]) -> None:
    if not sides:
        return
    known = set(Experiment.objects.filter(pk__in={key[0] for key in sides}).values_list("pk", flat=True))
    columns = ("experiment_id", "arm", "day", "what", "n")
    rows = [(*key, n) for key, n in sorted(sides.items()) if key[0] in known]
    _add("winnow_experimentcount", columns, "experiment_id, arm, day, what", rows)


def _flush_if_due() -> None:
    with _lock:
        is_due = time.monotonic() - _flushed > FLUSH_SECONDS
    if is_due:
        # Beside the answer, which waits for no writer.
        threading.Thread(target=_flush_beside, name="value", daemon=True).start()


def _flush_beside() -> None:
    try:
        flush()
    finally:
        connection.close()


def _add(table: str, columns: tuple[str, ...], key: str, rows: Sequence[tuple[str | int, ...]]) -> None:
    if not rows:
        return
    holes = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {holes}"  # noqa: S608 - ours, and holes
            f" ON CONFLICT ({key}) DO UPDATE SET n = {table}.n + excluded.n",
            [value for row in rows for value in row],
        )


def is_to_be_asked(item: Item) -> bool:
    """Whether chance has it that this reader is asked about this Item: what a model sorted of late."""
    is_new = item.published_at is not None and timezone.now() - item.published_at < NEWLY
    is_sorted = item.state == Item.State.PUBLISHED and item.decided_by == Item.DecidedBy.MODEL
    return is_new and is_sorted and secrets.randbelow(ASKED_ONE_IN) == 0


def give_opinion(*, item: Item, is_right: bool, voice: str) -> TagOpinion:
    """Keep what a reader said of the tag that an Item bears; the first word of a voice holds. Raises ConflictError."""
    if item.state != Item.State.PUBLISHED or item.tag is None:
        raise ConflictError("only the tag of what is published can be judged")
    said = {"tag": item.tag, "is_right": is_right}
    return TagOpinion.objects.get_or_create(item=item, voice=voice, defaults=said)[0]
