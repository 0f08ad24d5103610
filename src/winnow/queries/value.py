"""The figures of `/value`, over the last four weeks."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from winnow.core.intervals import wilson
from winnow.core.values import Interval
from winnow.models import DayCount, FollowedTag, Item, ItemViews, Mark, Report, TagOpinion

DAYS = 28
# A work has had its time after so many days.
SETTLED_DAYS = 7
QUICK = ("click 10 s", "click 30 s")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with what it means; a share is shown per thousand where `per_thousand`."""

    name: str
    means: str
    of: Interval
    per_thousand: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of whether readers find what they came for."""

    since: date
    views: list[tuple[date, int]]
    figures: list[Figure]
    opinions: list[tuple[str, Interval]]


def value(today: date) -> Value:
    """All figures up to today."""
    since = today - timedelta(days=DAYS - 1)
    counts: defaultdict[str, int] = defaultdict(int)
    by_day: defaultdict[date, int] = defaultdict(int)
    for row in DayCount.objects.filter(day__gte=since):
        counts[row.what] += row.n
        by_day[row.day] += row.n if row.what.startswith("view") else 0
    days = [since + timedelta(days=n) for n in range(DAYS)]
    return Value(since, [(day, by_day[day]) for day in days], _figures(counts, since, today), _opinions(since))


def _figures(counts: dict[str, int], since: date, today: date) -> list[Figure]:
    visits = counts["visit new"] + counts["visit again"]
    clicks = sum(n for what, n in counts.items() if what.startswith("click"))
    quick = sum(counts[what] for what in QUICK)
    again, finds = counts["visit again"], min(clicks, visits)
    settled = _("works published in this time, at least {n} days ago, that nobody opened, saved or voted for")
    return [
        *_per_view(counts, since),
        Figure(_("Returning"), _("visits by somebody who was here before, of all visits"), wilson(again, visits)),
        Figure(
            _("Useful within 30 s"), _("of visits with a find, those whose first came so soon"), wilson(quick, clicks)
        ),
        Figure(
            _("Visits with a find"), _("visits in which any work was opened or saved, of all"), wilson(finds, visits)
        ),
        Figure(_("Needed by nobody"), settled.format(n=SETTLED_DAYS), _unneeded(since, today)),
    ]


def _per_view(counts: dict[str, int], since: date) -> list[Figure]:
    """What was done, of so many views; what is done without a view that was counted is cut off."""
    views = counts["view list"] + counts["view item"]
    done = {
        _("Saves"): (counts["save"], _("works saved, per thousand views")),
        _("Votes"): (
            Mark.objects.filter(kind=Mark.Kind.VOTE, created_at__date__gte=since).count(),
            _("votes given, likewise"),
        ),
        _("Follows"): (
            FollowedTag.objects.filter(created_at__date__gte=since).count(),
            _("tags newly followed, likewise"),
        ),
        _("Reports"): (Report.objects.filter(created_at__date__gte=since).count(), _("of something wrong, likewise")),
    }
    return [Figure(name, means, wilson(min(n, views), views), per_thousand=True) for name, (n, means) in done.items()]


def _unneeded(since: date, today: date) -> Interval:
    settled = Item.objects.filter(
        state=Item.State.PUBLISHED,
        published_at__date__gte=since,
        published_at__date__lte=today - timedelta(days=SETTLED_DAYS),
    )
    opened = ItemViews.objects.filter(item=OuterRef("pk"))
    marked = Mark.objects.filter(item=OuterRef("pk")).exclude(kind=Mark.Kind.HIDE)
    needed = Q(Exists(opened)) | Q(Exists(marked))
    n = settled.count()
    return wilson(n - settled.filter(needed).count(), n)


def _opinions(since: date) -> list[tuple[str, Interval]]:
    """The share of asked readers who said that a tag was right, by tag; no audit, and never mixed with one."""
    given = TagOpinion.objects.filter(created_at__date__gte=since).values("tag__name", "tag__position")
    rows = given.annotate(n=Count("pk"), n_right=Count("pk", filter=Q(is_right=True))).order_by("tag__position")
    return [(row["tag__name"], wilson(row["n_right"], row["n"])) for row in rows]
