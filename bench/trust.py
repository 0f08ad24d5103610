"""How often does a stream go on probation that is what it always was, and how soon does one that changed.

Real streams (arXiv categories, Hacker News) are replayed in their order as the readings of a source; nothing is
injected to count false alarms, and one change at a time to count readings until it is seen. The constants of
`ml.stream` were set before this was run.
"""

import csv
import gzip
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from record import SHARED, record
from winnow.core.intervals import clopper_pearson
from winnow.ml.language import language_of
from winnow.ml.stream import BUDGET, DAY, YEAR, Batch, disagreements, has_history, spending, split
from winnow.sources.dates import parse_feed_date

csv.field_size_limit(sys.maxsize)
HOURS = (1, 6, 24)
CHANGED = ("no description", "other language", "all duplicates", "flood")
WARM = 60
MAX_READINGS = 400
HISTORY = 500
TRIES = 15


def main() -> None:
    """Replay, count, record."""
    figures: dict[str, object] = {"budget per source and year": BUDGET}
    streams = {**_arxiv(), **_hacker_news()}
    n_alarms, years = 0, 0.0
    for name, rows in streams.items():
        # arXiv's dates are days.
        for hours in HOURS if name == "Hacker News" else HOURS[-1:]:
            batches = list(_batches(rows, hours * 3600.0))[-MAX_READINGS:]
            alarms, seconds = _alarms(batches)
            n_alarms, years = n_alarms + len(alarms), years + seconds / YEAR
            figures[f"{name}, read every {hours} h"] = {
                "readings": len(batches),
                "days": round(seconds / DAY, 1),
                "alarms": dict(Counter(alarms)),
            }
    figures["all: alarms"] = n_alarms
    figures["all: source years"] = round(years, 2)
    for change in CHANGED:
        waits = [wait for rows in streams.values() for wait in _delays(list(_batches(rows, DAY)), change)]
        seen = [wait for wait in waits if wait]
        share = clopper_pearson(len(seen), len(waits))
        figures[f"change: {change}"] = {
            "n": len(waits),
            "seen within 10 readings": round(share.value, 3),
            "interval": [round(share.low, 3), round(share.high, 3)],
            "median readings": sorted(seen)[len(seen) // 2] if seen else None,
        }
    record("trust", figures)


def _alarms(batches: Sequence[Batch]) -> tuple[list[str], float]:
    """The expectations broken by a stream in its own order, and the seconds for which it was watched."""
    alarms, history, began = [], list[Batch](), 0.0
    for batch in batches:
        history.append(batch)
        history = history[-HISTORY:]
        before, window = split(history)
        if not has_history(before):
            continue
        began = began or batch.at
        alpha = spending(batch.at - history[-2].at)
        broken = disagreements(before, window, now=batch.at, alpha=alpha)
        if broken:
            alarms.append(broken[0].expectation)
            history.pop()
    return alarms, batches[-1].at - began if began else 0.0


def _delays(batches: Sequence[Batch], change: str) -> Iterator[int]:
    """After how many readings a change is seen; 0 where it was not within ten."""
    rng = random.Random(5)
    for _ in range(TRIES if len(batches) > WARM + 12 else 0):
        start = rng.randrange(WARM, len(batches) - 10)
        history = list(batches[max(0, start - HISTORY) : start])
        yield next(
            (
                n
                for n in range(1, 11)
                if _is_seen(history, [_changed(one, change) for one in batches[start : start + n]])
            ),
            0,
        )


def _is_seen(history: Sequence[Batch], changed: Sequence[Batch]) -> bool:
    before, window = split([*history, *changed])
    alpha = spending(changed[-1].at - (changed[-2].at if len(changed) > 1 else history[-1].at))
    return bool(disagreements(before, window, now=changed[-1].at, alpha=alpha))


def _changed(batch: Batch, change: str) -> Batch:
    counts = {kind: dict(values) for kind, values in batch.counts.items()}
    match change:
        case "no description":
            counts["fields"]["description"] = 0
        case "other language":
            counts["language"] = {"cyrillic": batch.n}
        case "all duplicates":
            counts["duplicates"]["duplicate"] = batch.n
        case "flood":
            grown = {kind: {name: 20 * n for name, n in values.items()} for kind, values in counts.items()}
            return replace(batch, n=20 * batch.n, counts=grown)
    return replace(batch, counts=counts)


def _batches(rows: Sequence[tuple[float, str, str]], seconds: float) -> Iterator[Batch]:
    """What readings at a fixed pace would have brought."""
    slots: defaultdict[int, list[tuple[float, str, str]]] = defaultdict(list)
    for row in rows:
        slots[int(row[0] // seconds)].append(row)
    for slot, members in sorted(slots.items()):
        counts = {
            "fields": {"description": sum(bool(text) for _, _, text in members)},
            "language": dict(Counter(language for _, language, _ in members)),
            "duplicates": {"duplicate": 0},
        }
        yield Batch((slot + 1) * seconds, len(members), counts)


def _arxiv() -> dict[str, list[tuple[float, str, str]]]:
    found: defaultdict[str, list[tuple[float, str, str]]] = defaultdict(list)
    for row in _rows("stream_arxiv.csv.gz"):
        name = next((row[key] for key in ("category", "primary_category", "categories", "tag") if row.get(key)), "all")
        found[f"arXiv {name.split()[0]}"].append(_row(row))
    largest = sorted(found, key=lambda name: -len(found[name]))[:6]
    return {name: sorted(found[name]) for name in largest}


def _hacker_news() -> dict[str, list[tuple[float, str, str]]]:
    return {"Hacker News": sorted(map(_row, _rows("stream_hn.csv.gz")))}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(SHARED / "text" / name, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _row(row: dict[str, str]) -> tuple[float, str, str]:
    written = next(row[key] for key in ("created_on", "date", "published", "created_at", "time") if row.get(key))
    moment = parse_feed_date(written) or datetime.fromtimestamp(float(written), UTC)
    text = row.get("description") or row.get("abstract") or ""
    return moment.timestamp(), language_of(f"{row['title']} {text[:300]}"), text


if __name__ == "__main__":
    main()
