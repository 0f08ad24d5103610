"""Very many works for benchmarks of lists and search: real rows of the shared material, varied, written in bulk.

Each keeps the title and description of a real row, with two words of the title and one in twelve of the description
exchanged for words drawn from all rows, so that words are as common as they are. Dates lie within three years.
Works, their search entries and the word list are what admission, publication and the worker would have made; vectors are
drawn from a pool. Import `throwaway` before this. `WINNOW_BENCH_KEPT=HOME million.py [N]` fills a home that stays.
"""

import csv
import gzip
import itertools
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction

import throwaway  # sets Django up before rows are imported
from record import SHARED
from winnow.core.search_words import words_of
from winnow.core.slips import codes_of
from winnow.core.text import MAX_TITLE
from winnow.ml.ranking import hotness
from winnow.models import Item, SearchEntry, Source, Tag
from winnow.services.index import LEAST_WORKS, entry_of

AT_ONCE = 20_000
SOURCES = 30
DIMENSION = 384
NOW = datetime(2026, 11, 26, tzinfo=UTC)
SITES = ("arxiv.org", "github.com", "huggingface.co", "blog.example.org", "news.example.com", "openreview.net")
STATES = ("published",) * 46 + ("rejected",) * 2 + ("in_review",) * 2
ITEM_COLUMNS = list(Item._meta.local_concrete_fields)  # noqa: SLF001 - the table as it is
ENTRY_COLUMNS = list(SearchEntry._meta.local_concrete_fields)  # noqa: SLF001


def material() -> list[tuple[str, str]]:
    """Titles and descriptions of the shared streams."""
    rows = []
    for name in ("stream_arxiv.csv.gz", "stream_hn.csv.gz"):
        with gzip.open(SHARED / "text" / name, "rt", encoding="utf-8", newline="") as file:
            rows += [
                (row["title"], row.get("description") or row.get("abstract") or "") for row in csv.DictReader(file)
            ]
    return rows


class Maker:
    """Makes works one after another, always the same for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._rows = material()
        self._random.shuffle(self._rows)
        # With repetition: a word is drawn as often as it stands in titles.
        self._words = [word for title, _ in self._rows for word in title.split()]
        pool = np.random.default_rng(seed).normal(size=(1000, DIMENSION)).astype("<f4")
        self._vectors = [(row / np.linalg.norm(row)).tobytes() for row in pool]
        self.sources = list(Source.objects.filter(name__startswith="bench-").order_by("pk"))
        self.tags = list(Tag.objects.filter(is_approved=True))
        self.counts: Counter[str] = Counter()

    def make(self, pk: int) -> Item:
        """One work."""
        title, description = self._rows[pk % len(self._rows)]
        state = self._random.choice(STATES)
        tag = self._random.choices(self.tags, weights=range(len(self.tags), 0, -1))[0]
        site = self._random.choice(SITES)
        dated_at = NOW - timedelta(seconds=self._random.randrange(3 * 365 * 86_400))
        return Item(
            pk=pk,
            source=self._random.choice(self.sources),
            external_id=str(pk),
            url=f"https://{site}/works/{pk}",
            site=site,
            title=self._varied(title, 2)[:MAX_TITLE],
            description=self._varied(description, len(description) // 72),
            author=" ".join(word.strip(".,:()").title() for word in self._random.sample(self._words, 2))[:60],
            dated_at=dated_at,
            admitted_at=dated_at,
            state=state,
            reason="off_topic" if state == "rejected" else "",
            tag=tag if state == "published" else None,
            likely_tag=tag if state != "rejected" else None,
            confidence=self._random.random(),
            decided_by=self._random.choice(("model", "person")) if state == "published" else "",
            published_at=dated_at if state == "published" else None,
            hotness=hotness(self._random.choice((1, 1, 1, 2, 3, 8)), dated_at.timestamp()),
            vector=self._random.choice(self._vectors),
            encoder_sha256="bench",
            keys_version=10**6,
        )

    def _varied(self, text: str, n: int) -> str:
        words = text.split()
        for _ in range(min(n, len(words))):
            words[self._random.randrange(len(words))] = self._random.choice(self._words)
        return " ".join(words)


def prepare() -> None:
    """Sources that works can come from."""
    Source.objects.bulk_create(
        Source(name=f"bench-{n}", kind="feed", address=f"https://example.org/{n}", is_active=False)
        for n in range(SOURCES)
    )


def fill(maker: Maker, start: int, end: int) -> None:
    """Store the works with numbers from `start` on and before `end`, with their entries and words."""
    for first in range(start, end, AT_ONCE):
        items = [maker.make(pk) for pk in range(first, min(end, first + AT_ONCE))]
        for item in items:
            maker.counts.update({*words_of(item.title), *words_of(item.description)})
        entries = [entry_of(item) for item in items]
        for entry in entries:
            entry.is_counted = True
        with transaction.atomic():
            _write("winnow_item", ITEM_COLUMNS, items)
            _write("winnow_searchentry", ENTRY_COLUMNS, entries)
        print(f"{first + len(items):,} works", flush=True)
    _write_words(maker.counts)
    _settle()


def _write(table: str, fields: Sequence[Any], rows: Iterable[Any]) -> None:
    values = ([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows)
    _write_values(table, [field.column for field in fields], values)


def _write_values(table: str, columns: Sequence[str], values: Iterator[Sequence[Any]]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})", values)


def _write_words(counts: Counter[str]) -> None:
    words = sorted(counts.items())
    listed = [word for word, n in words if n >= LEAST_WORKS]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM winnow_searchslip")
            cursor.execute("DELETE FROM winnow_searchword")
        _write_values(
            "winnow_searchword", ("word", "n", "is_listed"), ([word, n, n >= LEAST_WORKS] for word, n in words)
        )
        slips = itertools.chain.from_iterable(([code, word] for code in codes_of(word)) for word in listed)
        _write_values("winnow_searchslip", ("code", "word_id"), slips)


def _settle() -> None:
    """As the database itself would have come to be by and by."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('winnow_item', 'id'), (SELECT max(id) FROM winnow_item))"
            )
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")


if __name__ == "__main__":
    throwaway.ensure_ready()
    prepare()
    fill(Maker(), 1, int(sys.argv[1] if len(sys.argv) > 1 else 1_000_000) + 1)
