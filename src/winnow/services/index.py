"""Keep the search's entries: in the transaction that changes an Item, and what is old or missing later, some at a time."""

from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from winnow.core.search_words import dated, indexed, mark, words_of
from winnow.core.sites import Facet
from winnow.core.slips import codes_of
from winnow.core.urls import facet_of
from winnow.models import Item, SearchEntry, SearchSlip, SearchWord
from winnow.queries.search_index import AGE_BITS, ERA_BITS

# Raised when words or marks are made another way; the worker then makes old entries again.
VERSION = 1
BATCH = 500
# A word of one work alone is often a slip itself.
LEAST_WORKS = 2
LEFT_OUT = (Item.State.ADMITTED, Item.State.REMOVED)
WRITTEN = ["words", "tag", "source_id", "kind", "version"]


def index_item(item: Item) -> None:
    """Make the search agree with an Item, in the caller's transaction; what is undecided or removed is not found."""
    index_items([item])


def index_items(items: Iterable[Item]) -> None:
    """The same for many; their sources are looked up one by one unless they were selected with them."""
    items = list(items)
    gone = [item.pk for item in items if item.state in LEFT_OUT]
    if gone:
        SearchEntry.objects.filter(pk__in=gone).delete()
    SearchEntry.objects.bulk_create(
        [entry_of(item) for item in items if item.state not in LEFT_OUT],
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=WRITTEN,
    )


def entry_of(item: Item) -> SearchEntry:
    """The entry that an Item should have, not saved."""
    facets = [facet_of(url) for url in (item.url, *item.links)]
    return SearchEntry(
        item=item,
        words=indexed(item.title, item.description, marks_of(item, facets)),
        tag=item.tag_id or "",
        source_id=item.source_id,
        kind=facets[0].value,
        version=VERSION,
    )


def marks_of(item: Item, facets: Iterable[Facet]) -> list[str]:
    """The properties by which an Item is found besides its words."""
    labels = item.site.split(".")
    sites = [".".join(labels[at:]) for at in range(max(len(labels) - 1, 1))]
    marks = [
        mark("in", item.state),
        mark("era", str(item.pk >> ERA_BITS)),
        mark("age", str(item.pk >> AGE_BITS)),
        *dated(item.dated_at.astimezone(timezone.get_default_timezone()).date()),
        *(mark("is", facet) for facet in sorted(set(facets))),
        *(mark("site", site) for site in sites if site),
        *(mark("author", word) for word in dict.fromkeys(words_of(item.author))),
        *(mark("t", word) for word in dict.fromkeys(words_of(item.title))),
    ]
    if item.tag_id:
        marks.append(mark("tag", item.tag_id))
    if item.source:
        marks.append(mark("source", item.source.name))
    if item.decided_by == Item.DecidedBy.PERSON:
        marks.append(mark("is", "checked"))
    if item.submitted_by_id:
        marks.append(mark("is", "submitted"))
    return marks


def catch_up(*, limit: int = BATCH) -> int:
    """Make up to `limit` old entries again and take the words of as many new ones into the word list; 0 says all is done."""
    return _renew(limit) + _count(limit)


@transaction.atomic
def _renew(limit: int) -> int:
    stale = SearchEntry.objects.filter(version__lt=VERSION).order_by("version", "pk")
    ids = list(stale.select_for_update(skip_locked=_skips()).values_list("pk", flat=True)[:limit])
    index_items(Item.objects.filter(pk__in=ids).select_related("source").defer("vector"))
    return len(ids)


@transaction.atomic
def _count(limit: int) -> int:
    fresh = SearchEntry.objects.filter(is_counted=False, version=VERSION).order_by("pk")
    ids = list(fresh.select_for_update(skip_locked=_skips()).values_list("pk", flat=True)[:limit])
    counts: Counter[str] = Counter()
    for title, description in Item.objects.filter(pk__in=ids).values_list("title", "description"):
        counts.update(set(words_of(title)) | set(words_of(description)))
    # In the order of words, so that of two that count at once neither waits for the other for ever.
    _add(sorted(counts.items()))
    _list([word for word in counts if codes_of(word)])
    SearchEntry.objects.filter(pk__in=ids).update(is_counted=True)
    return len(ids)


def _add(counts: list[tuple[str, int]]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(counts), BATCH):
            some = counts[start : start + BATCH]
            rows = ", ".join(["(%s, %s, %s)"] * len(some))
            cursor.execute(
                f"INSERT INTO winnow_searchword (word, n, is_listed) VALUES {rows}"  # noqa: S608 - holes alone
                " ON CONFLICT (word) DO UPDATE SET n = winnow_searchword.n + excluded.n",
                [value for word, n in some for value in (word, n, False)],
            )


def _list(words: list[str]) -> None:
    """Words that have come often enough get the forms by which a slip of them is known."""
    for start in range(0, len(words), BATCH):
        new = SearchWord.objects.filter(word__in=words[start : start + BATCH], n__gte=LEAST_WORKS, is_listed=False)
        found = sorted(new.values_list("word", flat=True))
        SearchSlip.objects.bulk_create(SearchSlip(code=code, word_id=word) for word in found for code in codes_of(word))
        SearchWord.objects.filter(word__in=found).update(is_listed=True)


def _skips() -> bool:
    """What another worker is just at is left to it; SQLite has one writer at a time anyway."""
    return connection.features.has_select_for_update_skip_locked
