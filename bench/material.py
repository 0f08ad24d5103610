"""What benchmarks of classifiers measure on: the starter set, the seed set, and lists that others wrote."""

import csv
from collections.abc import Sequence
from pathlib import Path

from record import SHARED
from winnow.core.text import document, fingerprint
from winnow.core.urls import identity_keys
from winnow.core.values import Example
from winnow.home import DATA, cache
from winnow.ml.encoder import load_encoder
from winnow.ml.taxonomy import load_taxonomy

TAGS = load_taxonomy(DATA / "taxonomy.toml")
SLUGS = [tag.slug for tag in TAGS]
ENCODER = load_encoder("bundled", cache())


def gold_set() -> list[Example]:
    """The starter set, which ships."""
    return [example for path in sorted((DATA / "gold").glob("*.csv")) for example in _rows(path)]


def seed_set() -> list[Example]:
    """764 works of another site, labelled by its users."""
    return _rows(SHARED / "made-with-ml" / "dataset.csv")


def foreign_lists() -> list[Example]:
    """1,014 works of public lists: the shift that a real stream brings."""
    return _rows(SHARED / "text" / "lists_labelled.csv")


def strangers(examples: Sequence[Example], known: Sequence[Example]) -> list[Example]:
    """Those whose work is not among the known ones, by address or title."""
    seen = {e.group for e in known if e.group} | {fingerprint(e.document.title) for e in known}
    return [e for e in examples if e.group not in seen and fingerprint(e.document.title) not in seen]


def _rows(path: Path) -> list[Example]:
    with path.open(encoding="utf-8", newline="") as file:
        return [_example(row) for row in csv.DictReader(file)]


def _example(row: dict[str, str]) -> Example:
    keys = identity_keys(row.get("url", ""))
    text, group = document(row["title"], row["description"]), keys[0] if keys else ""
    return Example(text, row["tag"], row["id"], group, created_on=row.get("created_on", ""), url=row.get("url", ""))
