"""How much of what is withheld was good? A few withheld works, drawn at random, are shown to people.

Each round draws from what was withheld since the round before, with a known probability, which is stored. Restored and
reported works never enter: nobody knows how likely they were to be seen.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from winnow.core.values import Interval
from winnow.ml.stratified import Stratum, draw_audit, safe_precision
from winnow.models import Item, Label, ReviewTask, WithheldDraw
from winnow.services.log import record_event
from winnow.services.review import open_task

AUDITED = (Item.Reason.OFF_TOPIC, Item.Reason.SPAM)
EVERY = timedelta(days=7)
# Half of each: before anything is known the draw that suits every share of errors.
UNKNOWN_RATE = 0.5
# Older rounds tell of older screens, and each one widens the interval.
ROUNDS = 12


@dataclass(frozen=True, slots=True)
class LostShare:
    """Of what was withheld for `reason` the share that was good, by `n` audits; no share where there are none."""

    reason: str
    share: Interval | None


def is_due() -> bool:
    """Whether a week has passed since the last draw, and there is anything to draw from."""
    last = WithheldDraw.objects.aggregate(at=Max("drawn_at"))["at"]
    is_time = last is None or last + EVERY <= timezone.now()
    return settings.AUDIT_WITHHELD > 0 and is_time and _population().exists()


@transaction.atomic
def draw_withheld(*, n: int, seed: int) -> list[WithheldDraw]:
    """Open a task for about `n` withheld works, at least two of each reason; an empty list where there is nothing."""
    strata = {str(pk): reason for pk, reason in _population().values_list("pk", "reason")}
    rates = dict.fromkeys(strata.values(), UNKNOWN_RATE)
    sizes = Counter(strata.values())
    number = (WithheldDraw.objects.aggregate(last=Max("round"))["last"] or 0) + 1
    drawn = []
    for one in draw_audit(strata, rates, n, seed):
        item = Item.objects.get(pk=int(one.id))
        task = open_task(item=item, reason=ReviewTask.Reason.WITHHELD_AUDIT, priority=1.0)
        drawn.append(
            WithheldDraw.objects.create(
                item=item,
                task=task,
                round=number,
                reason=one.stratum,
                population=sizes[one.stratum],
                probability=one.probability,
            )
        )
    if drawn:
        record_event("withheld.audit_drawn", round=number, n=len(drawn), population=dict(sizes))
    return drawn


def lost_shares() -> list[LostShare]:
    """For each audited reason the share of good works, with an interval that holds for any number of audits."""
    newest = WithheldDraw.objects.aggregate(last=Max("round"))["last"] or 0
    draws = WithheldDraw.objects.filter(round__gt=newest - ROUNDS)
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    answers = Label.objects.filter(task__withheld_draw__in=draws, is_gold=True, undoes=None).exclude(is_undone)
    is_good = {task: tag is not None for task, tag in answers.order_by("pk").values_list("task_id", "tag_id")}
    return [LostShare(reason, _share(draws.filter(reason=reason), is_good)) for reason in AUDITED]


def _share(draws: QuerySet[WithheldDraw], is_good: dict[int, bool]) -> Interval | None:
    """Rounds are the strata; in each, those that were answered stand for all that were considered."""
    sizes: dict[int, int] = {}
    n, good = Counter[int](), Counter[int]()
    for number, population, task in draws.values_list("round", "population", "task_id"):
        sizes[number] = population
        n[number] += task in is_good
        good[number] += is_good.get(task, False)
    strata = [Stratum(str(number), size, n[number], good[number]) for number, size in sizes.items()]
    if not sum(n.values()):
        return None
    kept = safe_precision(strata)
    return Interval(1.0 - kept.value, 1.0 - kept.high, 1.0 - kept.low, kept.n)


def _population() -> QuerySet[Item]:
    """Withheld by the screen alone, since the last draw."""
    last = WithheldDraw.objects.aggregate(at=Max("drawn_at"))["at"]
    rows = Item.objects.filter(state=Item.State.REJECTED, reason__in=AUDITED, withheld_draw=None)
    rows = rows.filter(admitted_at__gt=last) if last else rows
    return rows.exclude(Exists(Label.objects.filter(item=OuterRef("pk"))) | Q(tasks__isnull=False))
