"""Where works of a tag may be hidden under others, and how many were found there."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from winnow.core.intervals import clopper_pearson
from winnow.core.values import Interval
from winnow.models import Item, Label, RecallDraw, Report, Source
from winnow.queries.reviewers import struck_accounts

Way = RecallDraw.Way


@dataclass(frozen=True, slots=True)
class Recalled:
    """Of the works that were looked at the share that does belong to the tag, with its exact 95 % interval.

    `by_way` has those alone that were found in one way; what chance drew says how much the other ways miss.
    `n_waiting` are still to be looked at.
    """

    found: Interval
    by_way: tuple[tuple[str, Interval], ...]
    n_waiting: int

    @property
    def n_found(self) -> int:
        """How many belong to it."""
        return round(self.found.value * self.found.n)


def recall_candidates(tag: str) -> QuerySet[Item]:
    """Works on the site or waiting that may be of the tag and that nobody has judged, nor was asked about for its sake.

    What a source on probation brought waits for people as it is.
    """
    items = Item.objects.filter(state__in=(Item.State.PUBLISHED, Item.State.IN_REVIEW), resembles=None)
    items = items.exclude(state=Item.State.PUBLISHED, tag_id=tag).exclude(source__trust=Source.Trust.PROBATION)
    is_judged = Exists(_standing().filter(item=OuterRef("pk")))
    is_asked = Exists(RecallDraw.objects.filter(item=OuterRef("pk"), tag_id=tag))
    return items.exclude(is_judged).exclude(is_asked).order_by("pk")


def reported_as(tag: str) -> QuerySet[Item]:
    """The candidates of which a reader says that they belong to the tag, first reported first."""
    said = Report.objects.filter(tag_id=tag, decided_at=None)
    return recall_candidates(tag).filter(pk__in=said.values("item_id"))


def unsure_items(tag: str) -> QuerySet[Item]:
    """The candidates that wait for a person, those first that are likeliest of the tag, then the least sure."""
    waiting = recall_candidates(tag).filter(state=Item.State.IN_REVIEW, decided_by="")
    return waiting.annotate(is_likely=Q(likely_tag_id=tag)).order_by("-is_likely", "confidence", "pk")


def recalled(tag: str) -> Recalled:
    """What became of the works that were looked at for the sake of a tag."""
    draws = dict(RecallDraw.objects.filter(tag_id=tag).values_list("item_id", "way"))
    if not draws:  # as for most tags: no more to ask
        return Recalled(_share([]), (), 0)
    said = dict(_standing().filter(item_id__in=draws).order_by("pk").values_list("item_id", "tag_id"))
    ways = [(way.value, _share(said[item] == tag for item in said if draws[item] == way)) for way in Way]
    n_waiting = RecallDraw.objects.filter(tag_id=tag, task__closed_at=None).count()
    return Recalled(_share(one == tag for one in said.values()), tuple(way for way in ways if way[1].n), n_waiting)


def _share(right: Iterable[bool]) -> Interval:
    answers = list(right)
    return clopper_pearson(sum(answers), len(answers))


def _standing() -> QuerySet[Label]:
    """What people say of a work, none of it by those who weigh nothing."""
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    standing = Label.objects.filter(is_gold=True, undoes=None, copy_of=None).exclude(is_undone)
    return standing.exclude(account_id__in=struck_accounts())
