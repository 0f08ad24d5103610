"""Measure how much the screen keeps off of what is not machine learning, and what that costs.

The screen is made of the starter material alone. Rows whose title hashes to an even number were looked at while that
material was written (`seen`); the others (`unseen`) were only counted, and are the figures to rely on.
Needs ../shared/data. Writes results/offtopic.json.
"""

import csv
import hashlib
import time
from collections import Counter

from record import SHARED, record
from winnow.core.intervals import clopper_pearson
from winnow.core.text import document, joined
from winnow.core.values import Document
from winnow.home import DATA, cache
from winnow.ml.encoder import Encoder, load_encoder
from winnow.ml.offtopic import OffTopicScreen, ensure_screen

SETS = {
    "off topic": "text/offtopic.csv",
    "lists": "text/lists_labelled.csv",
    "seed": "made-with-ml/dataset.csv",
    "papers": "text/papers_labelled.csv",
}
Row = tuple[str, str, Document]


def main() -> None:
    """Measure all and write it down."""
    encoder = load_encoder("bundled", cache())
    started = time.perf_counter()
    screen = ensure_screen(DATA, cache(), encoder)
    figures: dict[str, object] = {"screen": screen.sha256, "made or loaded in seconds": _since(started)}
    for name, path in SETS.items():
        rows = _rows(path)
        vectors = encoder.encode([joined(doc) for _, _, doc in rows])
        started = time.perf_counter()
        withheld = [screen.judge(doc, v).kind != "on_topic" for (_, _, doc), v in zip(rows, vectors, strict=True)]
        figures[name] = _shares(rows, withheld)
        figures[f"{name}, ms a row"] = round(1000 * _since(started) / len(rows), 3)
        if name in ("lists", "seed"):
            figures[f"{name}, titles alone"] = _shares(*_titles(rows, screen, encoder))
    record("offtopic", figures)


def _titles(rows: list[Row], screen: OffTopicScreen, encoder: Encoder) -> tuple[list[Row], list[bool]]:
    bare = [(half, kind, Document(doc.title)) for half, kind, doc in rows]
    vectors = encoder.encode([doc.title for _, _, doc in bare])
    return bare, [screen.judge(doc, v).kind != "on_topic" for (_, _, doc), v in zip(bare, vectors, strict=True)]


def _rows(path: str) -> list[Row]:
    with (SHARED / path).open(encoding="utf-8", newline="") as file:
        return [
            (_half(row["title"]), row.get("kind") or "", document(row["title"], row["description"]))
            for row in csv.DictReader(file)
        ]


def _half(title: str) -> str:
    return "unseen" if hashlib.sha256(title.encode()).digest()[0] % 2 else "seen"


def _shares(rows: list[Row], withheld: list[bool]) -> dict[str, str]:
    """The share withheld, of all, of each half, and of each kind of the unseen half, with exact 95 % intervals."""
    n, k = Counter[str](), Counter[str]()
    for (half, kind, _), is_out in zip(rows, withheld, strict=True):
        for name in ("all", half, *([f"unseen {kind}"] if kind and half == "unseen" else [])):
            n[name] += 1
            k[name] += is_out
    found = {name: clopper_pearson(k[name], n[name], 0.05) for name in n}
    return {name: f"{i.value:.4f} ({i.low:.4f}-{i.high:.4f}, n={i.n})" for name, i in sorted(found.items())}


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 2)


if __name__ == "__main__":
    main()
