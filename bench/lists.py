"""How long readers wait for lists and for searches, with ten thousand works and with a million.

`lists.py [SMALL LARGE]` on SQLite, or on `DATABASE_URL`, which must be empty. A home that `million.py` has filled, or the address of
such a database, may be named by WINNOW_BENCH_FILLED, and is asked instead of one of LARGE works that is filled first. One worker serves; pages are asked for 20
times a second, searches one after another, hostile ones among them. Writes results/lists_DATABASE.json. Bars: p95 of
pages 80 ms and at most 1.3 times that of the small one; p95 of searches 150 ms, none above 1 s.
"""

import os
import sys
import time
from typing import Any
from urllib.parse import quote

import httpx
from django.db import connection

import million
from record import quantiles, record
from serving import paced, served
from throwaway import ensure_ready

PAGES = ("/", "/recent", "/popular", "/popular/1w", "/t/mlops", "/tags", "/withheld", "/sources", "/i/5", "/digest")
SEARCHES = (
    "graph neural networks",
    "model",
    "the",
    "a",
    "learning -deep",
    '"language model" tag:mlops',
    "transfomer",
    "vision or audio",
    "is:code after:2026",
    "site:github.com before:2025",
    "author:model",
    "neur*",
    '"of the" model',
)
HOSTILE = (
    "the " * 16,
    "(" * 60 + "the",
    "-the -of -and",
    '"of the of the of the"',
    "a* " * 16,
    "aaa* or bbb* or the* or mod* or net*",
    "' OR 1=1 --",
    "-(the or of)",
    '"the model of" or "of the data" or "in the model"',
    "x" * 500,
)
ROUNDS = 8
FILLED = os.environ.get("WINNOW_BENCH_FILLED", "")
SECONDS = 40


def main() -> None:
    """Fill, serve, ask; fill up, serve, ask again."""
    ensure_ready()
    sizes = [int(n) for n in sys.argv[1:3]] or [10_000, 1_000_000]
    million.prepare()
    maker = million.Maker()
    figures: dict[str, Any] = {}
    samples: dict[str, Any] = {}
    done = 0
    for size in sizes:
        if size == sizes[-1] and FILLED:
            os.environ["DATABASE_URL" if "://" in FILLED else "WINNOW_HOME"] = FILLED
        else:
            million.fill(maker, done + 1, size + 1)
        done = size
        pages, searches, hostile = _ask()
        figures[f"{size:,} works"] = {
            "pages, ms": quantiles(pages),
            "searches, ms": quantiles(searches),
            "hostile searches, ms": quantiles(hostile),
        }
        samples |= {f"pages {size}": pages, f"searches {size}": searches, f"hostile {size}": hostile}
    small, large = (figures[f"{size:,} works"]["pages, ms"]["p95"] for size in sizes)
    figures["ratio of p95, pages"] = round(large / small, 2)
    record(f"lists_{connection.vendor}", figures, samples)


def _ask() -> tuple[list[float], list[float], list[float]]:
    connection.close()
    with served() as base, httpx.Client(base_url=base, timeout=60, follow_redirects=True) as client:
        for page in PAGES:
            client.get(page).raise_for_status()
        pages = paced(lambda n: client.get(PAGES[n % len(PAGES)]), seconds=SECONDS)
        return pages, _searches(client, SEARCHES), _searches(client, HOSTILE)


def _searches(client: httpx.Client, queries: tuple[str, ...]) -> list[float]:
    taken = []
    for query in queries * ROUNDS:
        started = time.perf_counter()
        client.get(f"/search?q={quote(query)}").raise_for_status()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


if __name__ == "__main__":
    main()
