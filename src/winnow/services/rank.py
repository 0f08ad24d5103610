"""Keep what makes Items popular: written when a vote, a place or a reading changes, never because time passes."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Q

from winnow.ml.ranking import Heat, Outside, hotness, rank_among, strongest
from winnow.models import Item, Mark, Signal

# How far back a source's own history goes: long enough for a rank, short enough to follow its times.
HISTORY = 200
Histories = dict[tuple[int, str], list[tuple[int, float]]]


@transaction.atomic
def rank_items(item_ids: Iterable[int]) -> None:
    """Count anew what makes these Items popular; of a copy, its face."""
    pairs = Item.objects.filter(pk__in=list(item_ids)).values_list("pk", "duplicate_of")
    histories: Histories = {}
    # In one order, so that of two who rank the same Items neither waits for the other for ever.
    for pk in sorted({face or pk for pk, face in pairs}):
        _rank(pk, histories)


def rank_item(item_id: int) -> None:
    """Count anew what makes one Item popular."""
    rank_items([item_id])


def _rank(pk: int, histories: Histories) -> None:
    # Not against those who only point at it: each of two who point at it first would wait for the other for ever.
    face = Item.objects.select_for_update(no_key=True).defer("vector").get(pk=pk)
    votes = Mark.objects.filter(item=face, kind=Mark.Kind.VOTE)
    heat = Heat(
        **votes.aggregate(votes=Count("pk", filter=Q(is_new=False)), new_votes=Count("pk", filter=Q(is_new=True))),
        places=_n_places(face),
        outside=_outside(face, histories),
    )
    face.score, face.heat = heat.score, heat.plain()
    face.hotness = hotness(face.score, face.dated_at.timestamp())
    face.save(update_fields=["score", "heat", "hotness"])


def _n_places(face: Item) -> int:
    """How many others brought the same work; whoever brings it twice counts once."""
    nobody = Q(source=None, submitted_by=None)
    named = face.duplicates.exclude(nobody).order_by().values_list("source_id", "submitted_by_id").distinct()
    return len(set(named) - {(face.source_id, face.submitted_by_id)}) + face.duplicates.filter(nobody).count()


def _outside(face: Item, histories: Histories) -> tuple[Outside, ...]:
    of_the_work = Signal.objects.filter(Q(item=face) | Q(item__duplicate_of=face), item__source__isnull=False)
    found = []
    for signal in of_the_work.select_related("item__source").defer("item__vector"):
        source = signal.item.source
        if source is None:
            continue
        history = _history(source.pk, signal.name, histories)
        others = [value for item_id, value in history if item_id != signal.item_id]
        found.append(Outside(str(source), signal.name, signal.value, rank_among(signal.value, others)))
    return strongest(found)


def _history(source_id: int, name: str, histories: Histories) -> list[tuple[int, float]]:
    """What the newest Items of a source bear, read once a batch."""
    if (source_id, name) not in histories:
        newest = Item.objects.filter(source=source_id).order_by("-pk").values("pk")[:HISTORY]
        values = Signal.objects.filter(item__in=list(newest.values_list("pk", flat=True)), name=name)
        histories[source_id, name] = list(values.values_list("item_id", "value"))
    return histories[source_id, name]
