"""Whether two items are one work: recall and precision of the pair scorer on labelled pairs.

Single pairs with an even number were read when the thresholds were set by hand; the odd ones are what is reported.
They are no fresh sample: tables over all pairs were seen as well, so that both halves are a little kind.
Each figure has its exact 95 % interval. `blocked` counts pairs that the stored blocking keys bring together at all.
"""

import csv
from collections import Counter
from pathlib import Path

import numpy as np

from record import SHARED, record
from winnow.core.intervals import clopper_pearson
from winnow.core.text import document, joined
from winnow.core.urls import identity_keys
from winnow.ml.blocking import blocking_keys
from winnow.ml.duplicates import Work, same_work
from winnow.ml.encoder import load_encoder

CACHE = Path("/tmp/winnow-bench-encoder")


def share(n_right: int, n: int) -> dict[str, object]:
    """A share with its n and exact interval."""
    interval = clopper_pearson(n_right, n)
    return {"value": round(interval.value, 4), "n": n, "interval": [round(interval.low, 4), round(interval.high, 4)]}


def load() -> list[dict[str, str]]:
    """The labelled pairs."""
    with (SHARED / "pairs" / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def vectors(rows: list[dict[str, str]], side: str) -> np.ndarray:
    """One vector a row, remembered between runs."""
    encoder = load_encoder("bundled", CACHE)
    path = CACHE / f"pairs-{side}-{encoder.sha256[:8]}.npy"
    if not path.exists():
        texts = [joined(document(row[f"title_{side}"], row[f"description_{side}"])) for row in rows]
        np.save(path, encoder.encode(texts))
    return np.load(path)


def judge(rows: list[dict[str, str]], sides: dict[str, np.ndarray], *, hides: bool) -> list[tuple[str, bool]]:
    """The verdict on each pair, and whether blocking brings it together."""
    found = []
    for place, row in enumerate(rows):
        works, names, blocks = [], [], []
        for side in "ab":
            doc = document(row[f"title_{side}"], row[f"description_{side}"])
            keys = frozenset() if hides else frozenset(identity_keys(row[f"url_{side}"]))
            works.append(Work(doc, keys, sides[side][place]))
            names.append(keys)
            blocks.append(set(blocking_keys(doc)))
        meets = bool(names[0] & names[1]) or bool(blocks[0] & blocks[1])
        found.append((same_work(*works).verdict, meets))
    return found


def figures(rows: list[dict[str, str]], found: list[tuple[str, bool]]) -> dict[str, object]:
    """Recall of what is merged or proposed, precision of both, and of merges alone."""
    counts: Counter[tuple[str, str]] = Counter()
    missed: Counter[str] = Counter()
    for row, (verdict, meets) in zip(rows, found, strict=True):
        counts[row["label"], verdict if meets else "different"] += 1
        if row["label"] == "dup" and (verdict == "different" or not meets):
            missed[f"{row['kind']}{'' if verdict == 'different' else ' (blocking)'}"] += 1
    n_same = sum(n for (label, _), n in counts.items() if label == "dup")
    merged, wrongly = counts["dup", "same"], counts["not-dup", "same"]
    shown, wrong = merged + counts["dup", "maybe"], wrongly + counts["not-dup", "maybe"]
    return {
        "recall": share(shown, n_same),
        "precision": share(shown, shown + wrong),
        "recall_of_merges": share(merged, n_same),
        "precision_of_merges": share(merged, merged + wrongly),
        "missed": dict(missed.most_common()),
    }


def main() -> None:
    """Measure with addresses, without, and where addresses differ; on both halves."""
    rows = load()
    sides = {side: vectors(rows, side) for side in "ab"}
    results: dict[str, object] = {}
    for half, name in ((0, "looked_at"), (1, "reported")):
        places = [place for place, row in enumerate(rows) if int(row["pair_id"]) % 2 == half]
        mine, part = [rows[place] for place in places], {side: sides[side][places] for side in "ab"}
        found = judge(mine, part, hides=False)
        apart = [
            place
            for place, row in enumerate(mine)
            if not set(identity_keys(row["url_a"])) & set(identity_keys(row["url_b"]))
        ]
        results[f"{name}: with addresses"] = figures(mine, found)
        results[f"{name}: addresses hidden"] = figures(mine, judge(mine, part, hides=True))
        results[f"{name}: addresses differ"] = figures([mine[p] for p in apart], [found[p] for p in apart])
    record("duplicates", results)


if __name__ == "__main__":
    main()
