"""How long screening one item takes against many: names, blocks and pair scorer, its vector given.

Rows are made by varying titles and descriptions of the shared material; vectors are drawn. The home is a temporary one,
in SQLite, or `DATABASE_URL`'s, which must be empty. `python bench/screening.py 10000 1000000` measures at both sizes.
"""

import csv
import random
import sys
from collections.abc import Iterator
from time import perf_counter

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from record import SHARED, quantiles, record
from throwaway import ensure_ready
from winnow.core.text import document
from winnow.core.values import Candidate
from winnow.models import Item, ItemBlock, ItemKey
from winnow.services.encode import encoder, pack
from winnow.services.holders import KEYS_VERSION, Platform
from winnow.services.screen import Screened, judge, screened_of

SIZES = [int(size) for size in sys.argv[1:]] or [10_000, 1_000_000]
AT_ONCE = 5_000
N_ASKED = 1_000
DIMENSION = 384


def texts() -> list[tuple[str, str]]:
    """Titles and descriptions to vary."""
    rows = []
    for name in ("lists_labelled.csv", "papers_labelled.csv", "offtopic.csv"):
        with (SHARED / "text" / name).open(encoding="utf-8", newline="") as file:
            rows += [(row["title"], row.get("description") or "") for row in csv.DictReader(file)]
    return rows


class Maker:
    """Makes works, each another: two words of the title and a run of the description come from elsewhere."""

    def __init__(self, seed: int) -> None:
        self._rows = texts()
        self._words = sorted({word for title, _ in self._rows for word in title.split()})
        self._random = random.Random(seed)
        self._vectors = np.random.default_rng(seed)

    def make(self, n: int) -> Screened:
        """One work with an address of its own."""
        title, description = self._random.choice(self._rows)
        said = description.split()
        for _ in range(len(said) // 8 + 1):
            said.insert(self._random.randint(0, len(said)), self._random.choice(self._words))
        doc = document(" ".join([*title.split(), *self._random.sample(self._words, 2)]), " ".join(said))
        vector = self._vectors.normal(size=DIMENSION).astype(np.float32)
        candidate = Candidate(str(n), doc.title, doc.description, f"https://example.org/works/{n}")
        return screened_of(candidate, doc, vector / np.linalg.norm(vector))


def fill(maker: Maker, start: int, end: int) -> None:
    """Store works as admission would have, many at once."""
    for first in range(start, end, AT_ONCE):
        works = [maker.make(n) for n in range(first, min(end, first + AT_ONCE))]
        with transaction.atomic():
            items = Item.objects.bulk_create(_rows(works))
            ItemKey.objects.bulk_create(
                (ItemKey(item=item, key=key) for item, work in zip(items, works, strict=True) for key in work.keys),
                ignore_conflicts=True,
            )
            ItemBlock.objects.bulk_create(
                ItemBlock(item=item, block=block)
                for item, work in zip(items, works, strict=True)
                for block in work.blocks
            )
        print(f"{first + len(works):,} works", flush=True)


def _rows(works: list[Screened]) -> Iterator[Item]:
    now = timezone.now()
    for work in works:
        yield Item(
            external_id=work.candidate.external_id,
            url=work.candidate.url,
            title=work.document.title,
            description=work.document.description,
            dated_at=now,
            state=Item.State.IN_REVIEW,
            vector=pack(work.vector),
            encoder_sha256=encoder().sha256,
            keys_version=KEYS_VERSION,
        )


def ask(maker: Maker, size: int) -> list[float]:
    """Milliseconds of each decision about a new work, in a transaction of its own as in admission."""
    works, store, spent = [maker.make(10**9 + size + n) for n in range(N_ASKED)], Platform(), []
    for work in works:
        started = perf_counter()
        with transaction.atomic():
            judge(work, store)
        spent.append((perf_counter() - started) * 1000)
    return spent[N_ASKED // 10 :]


def main() -> None:
    """Fill to each size in turn and measure there."""
    ensure_ready()
    maker, figures, samples = Maker(7), {}, {}
    n = 0
    for size in sorted(SIZES):
        fill(maker, n, size)
        n = size
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        samples[f"{size}"] = ask(maker, size)
        figures[f"{connection.vendor}, {size:,} works, ms"] = quantiles(samples[f"{size}"])
    record(f"screening_{connection.vendor}", figures, samples)


if __name__ == "__main__":
    main()
