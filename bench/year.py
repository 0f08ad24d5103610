"""A year of a small machine in an afternoon: what grows without bound, whether the schedule drifts, how slow it becomes.

`year.py [HOURS ITEMS SECONDS]` (8,760 and 300,000; it ends at the end of a week once so many true seconds are over, and
says how far it came), in a copy of a demo (`make demo SERVE=0`), on SQLite. The clock of the
services is set on by an hour at a time; in each hour the worker does all that is due, and a source has one
new work, which comes in with everything that belongs to it. The other works come in bulk each week, as
`million.py` makes them. Times that the database itself writes are of the true clock. Pages are asked before and after.
"""

import csv
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from record import ROOT, quantiles, record

HOME = Path(os.environ.get("WINNOW_HOME", ROOT / "var"))
WEEK = 168
HOUR = timedelta(hours=1)
PAGES = ("/", "/recent", "/t/mlops", "/tags", "/withheld", "/sources", "/value", "/promises")
# What grows as works do, and as it must: works themselves and what is said of each.
OF_WORKS = {
    *("winnow_item", "winnow_searchentry", "winnow_searchword", "winnow_sighting", "winnow_prediction"),
    *("winnow_event", "winnow_block", "winnow_reviewtask", "winnow_explanation"),
    *("winnow_itemblock", "winnow_itemkey", "winnow_comparison", "winnow_searchslip", "winnow_label"),
    *("winnow_search_fts", "winnow_search_fts_data", "winnow_search_fts_docsize", "winnow_search_fts_idx"),
}


class Clock:
    """The time of the services, which stands still until it is set on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def main(n_hours: int = 8760, n_items: int = 300_000, most_seconds: int = 10**6) -> None:
    """Copy a demo, live through the hours, and say what became of it."""
    with tempfile.TemporaryDirectory(prefix="winnow-year-") as room:
        home = Path(room) / "home"
        shutil.copytree(HOME, home)
        os.environ["WINNOW_BENCH_KEPT"] = str(home)
        import throwaway  # noqa: PLC0415 - sets Django up in the copy

        throwaway.ensure_ready()
        _live(home, n_hours, n_items, time.monotonic() + most_seconds)


def _live(home: Path, n_hours: int, n_items: int, until: float) -> None:
    from django.utils import timezone  # noqa: PLC0415 - the same

    from million import Maker, prepare  # noqa: PLC0415
    from winnow.models import Item, Source  # noqa: PLC0415
    from winnow.worker.loop import run_worker  # noqa: PLC0415

    Source.objects.update(is_active=False)
    prepare()
    rows = home.parent / "rows.csv"
    clock = Clock(timezone.now())
    real, timezone.now = timezone.now, clock
    source = Source.objects.create(name="hourly", kind="file", address=str(rows), next_fetch_at=clock.now)
    before = _pages()
    maker = Maker()
    per_week = n_items * WEEK // n_hours
    seconds: list[float] = []
    is_read: list[bool] = []
    tables: list[dict[str, int]] = []
    for hour in range(n_hours):
        if hour % WEEK == 0:
            if time.monotonic() > until:
                break
            first = Item.objects.latest("pk").pk + 1
            _bulk(maker, first, per_week, clock)
            tables.append(_sizes(home))
            print(hour // WEEK, tables[-1]["bytes"], round(sum(seconds[-WEEK:]), 1), flush=True)
        _write_row(rows, maker.make(first + hour), hour)
        is_due = source.next_fetch_at <= clock.now
        began = time.perf_counter()
        run_worker(once=True)
        seconds.append(time.perf_counter() - began)
        source.refresh_from_db()
        is_read += [source.fetched_at == clock.now] if is_due else []
        clock.now += HOUR
    tables.append(_sizes(home))
    timezone.now = real
    _say(len(seconds), per_week * (len(tables) - 1), seconds, is_read, tables, (before, _pages()))


def _bulk(maker: Any, first: int, n: int, clock: Clock) -> None:
    """The works of a week, dated within it."""
    import million  # noqa: PLC0415 - needs the settings

    make: Callable[[int], Any] = type(maker).make.__get__(maker)

    def dated(pk: int) -> Any:
        item = make(pk)
        item.dated_at = item.admitted_at = clock.now - timedelta(minutes=pk % (60 * WEEK))
        item.published_at = item.dated_at if item.published_at else None
        return item

    maker.make = dated
    million.fill(maker, first, first + n)
    del maker.make


def _write_row(path: Path, item: Any, hour: int) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "title", "description", "url"))
        writer.writerow((f"hour-{hour}", item.title, item.description, f"https://works.example.org/{hour}"))


def _sizes(home: Path) -> dict[str, int]:
    """Bytes of the database and rows of each table."""
    from django.db import connection  # noqa: PLC0415

    names = connection.introspection.table_names()
    with connection.cursor() as cursor:
        found = {}
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            found[name] = cursor.fetchone()[0]
        cursor.execute("PRAGMA freelist_count")
        found["free pages"] = cursor.fetchone()[0]
    return found | {"bytes": sum(path.stat().st_size for path in home.glob("winnow.sqlite3*"))}


def _pages() -> list[float]:
    """Milliseconds of pages, asked 20 times a second."""
    from django.db import connection  # noqa: PLC0415

    from serving import paced, served  # noqa: PLC0415

    connection.close()
    with served() as base, httpx.Client(base_url=base, timeout=30, follow_redirects=True) as client:
        for page in PAGES:
            client.get(page)
        return paced(lambda n: client.get(PAGES[n % len(PAGES)]), seconds=20)


def _say(
    n_hours: int,
    n_items: int,
    seconds: list[float],
    is_read: list[bool],
    tables: list[dict[str, int]],
    pages: tuple[list[float], list[float]],
) -> None:
    quarter = max(1, len(tables) // 4)
    quarters = [tables[n] for n in range(0, len(tables), quarter)] + [tables[-1]]
    third, last = tables[-1 - quarter], tables[-1]
    grown = {
        name: last[name] - third[name]
        for name in last
        if name not in OF_WORKS and last[name] - third[name] > 0 and name not in ("bytes", "free pages")
    }
    figures = {
        "hours": n_hours,
        "works": n_items,
        "readings of the source that were due": len(is_read),
        "read within the hour": sum(is_read),
        "seconds of the worker for an hour, first week": quantiles(seconds[:WEEK]),
        "seconds of the worker for an hour, last week": quantiles(seconds[-WEEK:]),
        "bytes by quarter": [one["bytes"] for one in quarters],
        "bytes of a work": round((last["bytes"] - tables[0]["bytes"]) / max(1, n_items)),
        "free pages at the end": last["free pages"],
        "rows by quarter": {name: [one[name] for one in quarters] for name in sorted(last) if last[name]},
        "rows gained in the last quarter beside those of works": grown,
        "pages at the start, ms": quantiles(pages[0]),
        "pages at the end, ms": quantiles(pages[1]),
    }
    record("year", figures, {"worker": seconds, "pages before": pages[0], "pages after": pages[1]})


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
