"""How many items a second pass the whole gate in bulk: screened, admitted and classified, with the encoder.

Works of ../shared/data are admitted in batches into the home of a fresh demo, so that there is a model that serves and
something to be compared with: a mix of all kinds, and each kind alone, since long abstracts cost the encoder most.
The screen is made before the clock starts. On SQLite, or in `DATABASE_URL`, which must be empty.
Writes results/gate_DATABASE.json.
"""

import csv
import os
import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from record import SHARED, record
from throwaway import ensure_ready
from winnow.core.values import Candidate
from winnow.models import Item
from winnow.services.admit import admit, prepared
from winnow.services.classify import classify_admitted
from winnow.services.demo import make_demo

FILES = {
    "papers of a week": "text/stream_papers_of_week.csv",
    "lists": "text/lists_labelled.csv",
    "other subjects": "text/offtopic.csv",
    "seed": "made-with-ml/dataset.csv",
}
EACH = 350
WARM = 16


def main() -> None:
    """Set up the home, pour items through, write down the pace."""
    ensure_ready()
    make_demo(print, lambda *_: None)
    kinds = {name: list(_candidates(name)) for name in FILES}
    mixed = [one for group in zip(*(works[:EACH] for works in kinds.values()), strict=True) for one in group]
    # What a process does once is no part of its pace.
    _poured([one for works in kinds.values() for one in works[2 * EACH : 2 * EACH + WARM]])
    figures: dict[str, Any] = {"held before": Item.objects.count(), "mixed": _poured(mixed)}
    for name, works in kinds.items():
        figures[name] = _poured(works[EACH : 2 * EACH])
    record(f"gate_{connection.vendor}", figures)


def _poured(candidates: Sequence[Candidate]) -> dict[str, Any]:
    """What became of works that went through the gate, and how fast."""
    before, cpu, started = _states(), sum(os.times()[:2]), time.perf_counter()
    for batch in prepared(candidates):
        for row in batch:
            admit(row)
        classify_admitted()
    seconds, cpu = time.perf_counter() - started, sum(os.times()[:2]) - cpu
    n = len(candidates)
    return {
        "items": n,
        "items a second": round(n / seconds, 1),
        "processor ms an item": round(1000 * cpu / n, 2),
        "became": {state: count - before[state] for state, count in _states().items() if count != before[state]},
    }


def _states() -> dict[str, int]:
    return {state: Item.objects.filter(state=state).count() for state in Item.State.values}


def _candidates(name: str) -> Iterator[Candidate]:
    with (SHARED / FILES[name]).open(encoding="utf-8", newline="") as file:
        for n, row in enumerate(csv.DictReader(file)):
            yield Candidate(f"{name} {n}", row["title"], row["description"], row.get("url", ""))


if __name__ == "__main__":
    main()
