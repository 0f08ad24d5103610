"""Items as lists and pages show them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from winnow.core.errors import NotFoundError
from winnow.core.urls import canonical_url, identity_keys
from winnow.models import Event, Item, ItemKey, Prediction, ReviewTask, Tag
from winnow.queries.counts import counted
from winnow.queries.cursors import Page, page_of, page_of_parts

PER_PAGE = 25
FRONT_DEPTH = 60
MAX_WORDS = 6
LEAST_CHANGE = 0.005
ORDERS = {"recent": "dated_at", "popular": "hotness", "best": "score"}
# The ledger holds what is withheld, and what waits only because its source is on probation.
PROBATION = ReviewTask.Reason.PROBATION.value
LEDGER = (*Item.Reason.values, PROBATION)
SHOWN = ("tag", "source", "model_version", "submitted_by__reader_state")


def published_items(
    *,
    tag: str = "",
    sort: str = "recent",
    since: datetime | None = None,
    hidden: Collection[int] = (),
    seen: Mapping[int, str] | None = None,
    after: str = "",
    limit: int = PER_PAGE,
) -> Page[Item]:
    """A page of what is on the site, dated from `since` on, without what is `hidden`. Raises InputError for a bad cursor.

    `seen` are the tags under which a reader sees works instead, by number.
    """
    rows = listed(Item.objects.filter(state=Item.State.PUBLISHED).exclude(pk__in=hidden))
    if since is not None:
        rows = rows.filter(dated_at__gte=since)
    if tag:
        rows = rows.filter(_bears(tag, seen) if seen else Q(tag_id=tag))
    return page_of(rows, by=ORDERS[sort], after=after, limit=limit)


def _bears(tag: str, seen: Mapping[int, str]) -> Q:
    here = [pk for pk, slug in seen.items() if slug == tag]
    return Q(tag_id=tag) & ~Q(pk__in=[pk for pk in seen if pk not in here]) | Q(pk__in=here)


def newest_change() -> int:
    """The number of the event logged last: whatever changes what is shown is in the log."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def withheld_items(
    *, reason: str = "", among: Collection[int] | None = None, after: str = "", limit: int = PER_PAGE
) -> Page[Item]:
    """A page of what was kept out, newest first; `reason` is one of LEDGER, or empty for all; `among` names the only ones."""
    parts = _withheld_parts(reason)
    if among is not None:
        parts = [rows.filter(pk__in=among) for rows in parts]
    shown = Item.objects.select_related("source", "duplicate_of")
    return page_of_parts(parts, shown=shown, by="admitted_at", after=after, limit=limit)


def withheld_counts() -> dict[str, int]:
    """How many are kept out, by reason; every reason is there."""
    by_reason = [rows.values_list("reason").annotate(n=Count("pk")).order_by() for rows in _withheld_parts()]
    found = counted("withheld", lambda: dict(sum((Counter(dict(rows)) for rows in by_reason), Counter())))
    return {reason: found.get(reason, 0) for reason in Item.Reason.values} | {PROBATION: found.get("", 0)}


@dataclass(frozen=True, slots=True)
class Hot:
    """A published Item as far as the choice of a front page asks for it."""

    pk: int
    source_id: int | None
    published_at: datetime | None
    hotness: float
    score: float


def hottest_of_tags(
    tags: Iterable[Tag], *, hidden: Collection[int] = (), limit: int = FRONT_DEPTH
) -> dict[str, list[Hot]]:
    """The hottest of each tag by its slug, `limit` at most whatever there is; one query a tag."""
    shown = Item.objects.filter(state=Item.State.PUBLISHED).exclude(pk__in=hidden).order_by("-hotness", "-pk")
    columns = shown.values_list("pk", "source_id", "published_at", "hotness", "score")
    return {tag.slug: [Hot(*row) for row in columns.filter(tag=tag)[:limit]] for tag in tags}


def hottest(*, limit: int, hidden: Collection[int] = ()) -> list[int]:
    """The numbers of the hottest published Items, whatever their tag."""
    shown = Item.objects.filter(state=Item.State.PUBLISHED).exclude(pk__in=hidden).order_by("-hotness", "-pk")
    return list(shown.values_list("pk", flat=True)[:limit])


def newest_of_tag(tag: str, *, limit: int) -> list[int]:
    """The numbers of the newest published Items of a tag."""
    shown = Item.objects.filter(state=Item.State.PUBLISHED, tag=tag).order_by("-dated_at", "-pk")
    return list(shown.values_list("pk", flat=True)[:limit])


def shown_items(pks: Collection[int]) -> list[Item]:
    """These Items with all that a row shows, in no order; what has been removed is left out."""
    return list(listed(Item.objects.filter(pk__in=pks).exclude(state=Item.State.REMOVED)).select_related("likely_tag"))


def item_of(pk: int) -> Item:
    """One Item that may be shown to anybody. Raises NotFoundError."""
    there = Item.objects.exclude(state=Item.State.REMOVED).exclude(duplicate_of__state=Item.State.REMOVED)
    rows = listed(there).select_related(*SHOWN, "duplicate_of", "likely_tag")
    item = rows.filter(pk=pk).first() if 0 < pk < 2**63 else None
    if item is None:
        raise NotFoundError("there is no such item here")
    return item


def item_at(url: str) -> Item | None:
    """The Item that is shown for this address, or for the work behind it."""
    key = ItemKey.objects.filter(key__in=identity_keys(url)).select_related("item__duplicate_of").order_by("pk").first()
    item = key and (key.item.duplicate_of or key.item)
    return item_of(item.pk) if item and canonical_url(url) and item.state != Item.State.REMOVED else None


@dataclass(frozen=True, slots=True)
class Why:
    """Why an Item bears its tag: the newest prediction, and what has happened to it."""

    prediction: Prediction | None
    runner_up: tuple[str, float] | None
    events: list[Event]

    @property
    def words_for(self) -> list[tuple[str, float]]:
        """The words that speak for the tag most, with the probability that it owes to each."""
        return self._words(1.0)

    @property
    def words_against(self) -> list[tuple[str, float]]:
        """The words that speak against it most, with the probability that each costs it, below zero."""
        return self._words(-1.0)

    def _words(self, sign: float) -> list[tuple[str, float]]:
        """What would be shown as a change of nothing is left out."""
        found = (self.prediction.words if self.prediction else None) or []
        own = [(word, change) for word, change in found if sign * change >= LEAST_CHANGE]
        return sorted(own, key=lambda pair: -abs(pair[1]))[:MAX_WORDS]


def why_this_tag(item: Item) -> Why:
    """What decided, the words that counted, the runner-up, and the public history."""
    prediction = item.predictions.select_related("model_version").order_by("-pk").first()
    ranking = sorted((prediction.probabilities if prediction else {}).items(), key=lambda pair: -pair[1])
    events = item.events.filter(is_public=True).select_related("account").order_by("pk")[:50]
    return Why(prediction, ranking[1] if len(ranking) > 1 else None, list(events))


def _withheld_parts(reason: str = "") -> list[QuerySet[Item]]:
    """What is kept out, in parts of one state each, so that an index has each in its order.

    What waits because of its source has no reason of its own. A copy of what was taken down is down with it.
    """
    held = ReviewTask.objects.filter(reason=PROBATION, closed_at=None).values("item")
    on_probation = Item.objects.filter(state=Item.State.IN_REVIEW, pk__in=held)
    rejected = Item.objects.filter(state=Item.State.REJECTED)
    copies = Item.objects.filter(state=Item.State.DUPLICATE).exclude(duplicate_of__state=Item.State.REMOVED)
    if reason == PROBATION:
        return [on_probation]
    if reason:
        return [rejected.filter(reason=reason), copies.filter(reason=reason)]
    return [rejected, copies, on_probation]


def listed(rows: QuerySet[Item]) -> QuerySet[Item]:
    """These Items with all that a row on a page shows, and nothing heavy."""
    copies = Item.objects.filter(duplicate_of=OuterRef("pk")).order_by().values("duplicate_of")
    n_copies = Subquery(copies.annotate(n=Count("pk")).values("n"))
    return rows.select_related(*SHOWN).annotate(n_copies=Coalesce(n_copies, 0)).defer("vector")
