"""How many items a second pass the whole gate in bulk: screened, admitted and classified, with the encoder.

Works of ../shared/data are admitted in batches into the home of a fresh demo, so that there is a model that serves and
something to be compared with. The screen is made before the clock starts. Writes results/gate.json.
"""

import csv
import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from record import SHARED, record
from throwaway import ensure_ready
from winnow.core.values import Candidate
from winnow.models import Item
from winnow.services.admit import BATCH, admit, prepare
from winnow.services.classify import classify_admitted
from winnow.services.demo import make_demo
from winnow.services.screen import Screened

T = TypeVar("T")
N_ITEMS = 1_000


def main() -> None:
    """Set up the home, pour items through, write down the pace of each step."""
    ensure_ready()
    make_demo(print, lambda *_: None)
    before = _states()
    candidates = list(_candidates())
    steps: defaultdict[str, list[float]] = defaultdict(list)
    cpu, started = sum(os.times()[:2]), time.perf_counter()
    for start in range(0, len(candidates), BATCH):
        batch = candidates[start : start + BATCH]
        screened = _timed(steps["prepare"], partial(prepare, batch))
        _timed(steps["admit"], partial(_admit, screened))
        _timed(steps["classify"], classify_admitted)
    seconds, cpu = time.perf_counter() - started, sum(os.times()[:2]) - cpu
    n = len(candidates)
    figures: dict[str, Any] = {
        "items": n,
        "held before": sum(before.values()),
        "items a second": round(n / seconds, 1),
        "ms an item": {name: round(1000 * sum(values) / n, 2) for name, values in steps.items()},
        "processor ms an item": round(1000 * cpu / n, 2),
        "became": {state: count - before[state] for state, count in _states().items()},
    }
    record("gate", figures, dict(steps))


def _admit(rows: Sequence[Screened]) -> None:
    for row in rows:
        admit(row)


def _states() -> dict[str, int]:
    return {state: Item.objects.filter(state=state).count() for state in Item.State.values}


def _timed(into: list[float], work: Callable[[], T]) -> T:
    started = time.perf_counter()
    result = work()
    into.append(time.perf_counter() - started)
    return result


def _candidates() -> Sequence[Candidate]:
    with (SHARED / "text" / "stream_papers_of_week.csv").open(encoding="utf-8", newline="") as file:
        rows = list(islice(csv.DictReader(file), N_ITEMS))
    return [Candidate(f"{n}", row["title"], row["description"], row.get("url", "")) for n, row in enumerate(rows)]


if __name__ == "__main__":
    main()
